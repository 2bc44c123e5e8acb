// The lobby: who one is, which room, the microphone, and what to know before going in.
import { LitElement, css, html, nothing, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { signOut, storedTurns, type Deployment, type Session } from "../api.ts";
import { buttons } from "../elements/buttons.ts";
import { field, fields } from "../elements/field.ts";
import "../elements/frame.ts";
import { icon } from "../elements/icon.ts";
import "../meeting/transcript.ts";
import { Thread } from "../meeting/thread.ts";
import { recall, remember } from "../memory.ts";
import { isRoomName } from "../routes.ts";
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
      .card { max-width: 30rem; }
      .pair { display: grid; gap: 1.1rem; }
      @media (min-width: 30rem) { .pair { grid-template-columns: 1fr 1fr; } }
      .notice { display: grid; grid-template-columns: auto 1fr; gap: 0.7rem; font-size: var(--text-s); line-height: 1.5; color: var(--ink-2); }
      .notice svg { color: var(--accent); margin-top: 0.05rem; }
      .after { display: flex; flex-wrap: wrap; justify-content: center; gap: 0.25rem 0.5rem; margin-top: 1rem; }
      .after .button { font-size: var(--text-s); min-height: 2.25rem; }
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

  override render(): TemplateResult {
    const isGuest = this.session.kind === "guest";
    return html`<parley-frame>
      <div>
        <section class="card" aria-labelledby="title">
          <header>
            <h1 id="title">Ready to join?</h1>
            <p class="muted">${this.session.tenant.name}${isGuest ? " · as a guest" : ""}</p>
          </header>
          <form class="stack" @submit=${this.#submit}>
            <div class="pair">
              ${field({ id: "name", label: "Your name" }, html`
                <input id="name" autocomplete="name" maxlength="60" required ?readonly=${isGuest}
                  .value=${isGuest ? this.session.name : (recall("name") ?? this.session.name)}>`)}
              ${field({ id: "room", label: "Room", error: this.roomTrouble || undefined }, html`
                <input id="room" autocomplete="off" autocapitalize="off" spellcheck="false" maxlength="64" required ?readonly=${isGuest}
                  .value=${this.room} aria-describedby="room-note" @input=${() => (this.roomTrouble = "")}>`)}
            </div>
            <parley-sound .microphone=${this.#microphone}></parley-sound>
            <p class="notice">${icon("agent", 18)}<span>${this.#notice()}</span></p>
            <button class="button primary large wide" autofocus>Join</button>
          </form>
        </section>
        <div class="after">
          ${this.history ? html`<button class="button quiet" @click=${() => (this.showsHistory = true)}>${icon("transcript", 18)}What was said here</button>` : nothing}
          <button class="button quiet" @click=${this.#signOut}>${isGuest ? "Leave as a guest" : "Sign out"}</button>
        </div>
      </div>
    </parley-frame>
    ${this.showsHistory && this.history ? html`<parley-transcript .thread=${this.history} .room=${this.room} @closed=${() => (this.showsHistory = false)}></parley-transcript>` : nothing}`;
  }

  #notice(): TemplateResult {
    const sentence = "An AI teammate, Parley, listens and transcribes. What is said, typed and shown can be read by everyone in this room.";
    if (!isLocalProfile(this.deployment)) return html`${sentence}`;
    return html`${sentence} <span class="mark">Local profile</span> It hears English, reads the screen, answers only by quoting documents; it does not reason.`;
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
    const detail: JoinRequest = { room, name, withMicrophone: microphone === "open", deviceId };
    this.dispatchEvent(new CustomEvent("join", { detail }));
  };

  readonly #signOut = async (): Promise<void> => {
    await signOut().catch(() => undefined);
    this.dispatchEvent(new CustomEvent("signed-out"));
  };
}
