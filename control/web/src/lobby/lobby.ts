// The lobby: who one is, which room, the microphone, and what to know before going in.
import { LitElement, css, html, nothing, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { storedTurns, type Deployment } from "../api.ts";
import { buttons } from "../elements/buttons.ts";
import { field, fields } from "../elements/field.ts";
import { focusFirst } from "../elements/focus.ts";
import "../elements/frame.ts";
import { icon } from "../elements/icon.ts";
import "../elements/shell.ts";
import { tellSignedOut } from "../events.ts";
import "../meeting/transcript.ts";
import { Thread } from "../meeting/thread.ts";
import { recall, remember } from "../memory.ts";
import { isRoomName } from "../routes.ts";
import { signOut, type Session } from "../session.ts";
import { base } from "../styles/base.ts";
import { cards } from "../styles/cards.ts";
import { Microphone } from "./microphone.ts";
import { isLocalProfile, profileMark } from "./profile.ts";
import "./sound.ts";

export interface JoinRequest {
  readonly room: string;
  readonly name: string;
  readonly withMicrophone: boolean;
  readonly deviceId: string | undefined;
}

@customElement("parley-lobby")
export class Lobby extends LitElement {
  @property({ attribute: false }) session!: Session;
  @property({ attribute: false }) deployment: Deployment | null = null;
  @property() room = "";
  @state() private roomTrouble = "";
  @state() private history: Thread | null = null;
  @state() private showsHistory = false;
  @query("#name") private nameInput!: HTMLInputElement;
  @query("#room") private roomInput!: HTMLInputElement;
  readonly #microphone = new Microphone();

  static override styles = [
    base,
    buttons,
    fields,
    cards,
    profileMark,
    css`
      .pair { display: grid; gap: 1.1rem; }
      @media (min-width: 21rem) { .pair { grid-template-columns: 1fr 1fr; gap: 0.8rem; } }
      .intro { display: grid; gap: 1.1rem; justify-items: start; width: 100%; max-width: 26rem; }
      .where { font-weight: 560; color: var(--ink-2); margin-bottom: -0.7rem; }
      .notice { display: grid; gap: 0.9rem; color: var(--ink-2); }
      .notice li { display: grid; grid-template-columns: auto 1fr; gap: 0.8rem; }
      .notice svg { color: var(--accent); margin-top: 0.1rem; }
      .welcome { gap: 1.5rem; }
      @media (max-width: 55.99rem) { .intro { gap: 0.9rem; } .notice { gap: 0.6rem; font-size: var(--text-s); } .where { margin-bottom: -0.5rem; } }
      @media (min-width: 56rem) {
        .welcome { grid-template-columns: 1fr 27rem; gap: clamp(2rem, 6vw, 6rem); }
        .card { max-width: none; }
        .intro { gap: 1.5rem; }
        .intro h1 { font-size: clamp(2.25rem, 1rem + 2.8vw, 3.1rem); line-height: 1.06; letter-spacing: -0.035em; }
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#microphone.prepare();
    void this.#lookBack();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#microphone.close();
  }

  override firstUpdated(): void {
    void focusFirst(this);
  }

  override render(): TemplateResult {
    const isGuest = this.session.kind === "guest";
    const content = this.#renderContent(isGuest);
    return html`${isGuest
      ? html`<parley-frame><button slot="end" class="button quiet" @click=${this.#signOut}>Leave as a guest</button>${content}</parley-frame>`
      : html`<parley-shell .session=${this.session} place="rooms" centred>${content}</parley-shell>`}
    ${this.showsHistory && this.history ? html`<parley-transcript .thread=${this.history} .room=${this.room} @closed=${() => (this.showsHistory = false)}></parley-transcript>` : nothing}`;
  }

  #renderContent(isGuest: boolean): TemplateResult {
    return html`<div class="welcome">
        <div class="intro">
          <p class="where">${this.session.tenant.name}${isGuest ? " · as a guest" : ""}</p>
          <h1 id="title">Ready to join?</h1>
          ${this.#renderNotice()}
          ${this.history ? html`<button class="button look-back" @click=${() => (this.showsHistory = true)}>${icon("transcript", 18)}What was said here</button>` : nothing}
        </div>
        <section class="card" aria-labelledby="title">${this.#renderForm(isGuest)}</section>
      </div>`;
  }

  #renderForm(isGuest: boolean): TemplateResult {
    return html`<form class="stack" @submit=${this.#submit}>
      <div class="pair">
        ${field({ id: "name", label: "Your name" }, html`
          <input id="name" autocomplete="name" maxlength="60" required ?readonly=${isGuest}
            .value=${isGuest ? this.session.name : (recall("name") ?? this.session.name)}>`)}
        ${field({ id: "room", label: "Room", error: this.roomTrouble || undefined }, html`
          <input id="room" autocomplete="off" autocapitalize="off" spellcheck="false" maxlength="64" required ?readonly=${isGuest}
            .value=${this.room} aria-describedby="room-note" @input=${() => (this.roomTrouble = "")}>`)}
      </div>
      <parley-sound .microphone=${this.#microphone}></parley-sound>
      <button class="button primary large wide" autofocus>Join</button>
    </form>`;
  }

  #renderNotice(): TemplateResult {
    return html`<ul class="notice">
      <li>${icon("agent")}<p>An AI teammate, Parley, listens and transcribes. Everyone in the room can read what is said, typed and shown.</p></li>
      ${isLocalProfile(this.deployment) ? html`<li>${icon("shield")}<p><span class="mark">Local profile</span> It hears English, reads the screen, answers only by quoting documents; it does not reason.</p></li>` : nothing}
    </ul>`;
  }

  async #lookBack(): Promise<void> {
    const turns = await storedTurns(this.room).catch(() => []);
    if (turns.length === 0) return;
    const thread = new Thread(this.room);
    await thread.load();
    this.history = thread;
  }

  readonly #submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const name = this.nameInput.value.trim();
    const room = this.roomInput.value.trim();
    if (!isRoomName(room)) {
      this.roomTrouble = "Letters, digits, dot, dash and underscore, beginning with a letter or digit.";
      return;
    }
    if (name === "") return;
    if (this.session.kind === "member") remember("name", name);
    const { state: microphone, deviceId } = this.#microphone;
    const withMicrophone = microphone === "open" || microphone === "opening";
    const detail: JoinRequest = { room, name, withMicrophone, deviceId };
    this.dispatchEvent(new CustomEvent("join", { detail }));
  };

  readonly #signOut = async (): Promise<void> => {
    await signOut().catch(() => undefined);
    tellSignedOut(this);
  };
}
