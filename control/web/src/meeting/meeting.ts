// The meeting's layout: header, stage, thread, controls. It joins the call it is given and owns its keys.
import { LitElement, html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Deployment } from "../api.ts";
import "../elements/banner.ts";
import "../elements/brand.ts";
import { buttons } from "../elements/buttons.ts";
import { icon } from "../elements/icon.ts";
import "../elements/theme.ts";
import { isLocalProfile, LOCAL_PROFILE, profileMark } from "../lobby/profile.ts";
import { Observer } from "../observable.ts";
import { ApiError } from "../problem.ts";
import type { Session } from "../session.ts";
import { base } from "../styles/base.ts";
import type { Call } from "./call.ts";
import "./controls.ts";
import "./invite.ts";
import { layout } from "./layout.ts";
import { PushToTalk } from "./push-to-talk.ts";
import "./stage.ts";
import "./thread-panel.ts";
import "./transcript.ts";

@customElement("parley-meeting")
export class Meeting extends LitElement {
  @property({ attribute: false }) call!: Call;
  @property({ attribute: false }) session: Session | null = null;
  @property({ attribute: false }) deployment: Deployment | null = null;
  @state() private dialog: "none" | "invite" | "transcript" = "none";
  @state() private showsThread = true;
  @state() private failure = "";
  readonly #keys = new PushToTalk(() => this.call);

  static override styles = [base, buttons, profileMark, layout];

  constructor() {
    super();
    new Observer(this, () => this.call);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#keys.listen();
    void this.#join();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#keys.stop();
  }

  override updated(): void {
    if (this.call.ending !== null) this.dispatchEvent(new CustomEvent("ended"));
  }

  override render(): TemplateResult {
    return html`
      <div class="meeting ${this.showsThread ? "with-thread" : ""} ${this.call.screen ? "with-screen" : ""}">
        ${this.#renderHeader()}
        <div class="banners">${this.#renderBanners()}</div>
        <parley-stage role="main" .call=${this.call}></parley-stage>
        ${this.showsThread ? html`<parley-thread role="complementary" aria-label="Thread" .call=${this.call}></parley-thread>` : nothing}
        <parley-controls role="contentinfo" aria-label="Controls" .call=${this.call} .threadShown=${this.showsThread}
          @thread=${() => (this.showsThread = !this.showsThread)}></parley-controls>
      </div>
      ${this.dialog === "invite" ? html`<parley-invite .room=${this.call.options.roomName} @closed=${this.#close}></parley-invite>` : nothing}
      ${this.dialog === "transcript" ? html`<parley-transcript .thread=${this.call.thread} .room=${this.call.options.roomName} @closed=${this.#close}></parley-transcript>` : nothing}
    `;
  }

  #renderHeader(): TemplateResult {
    return html`<header>
      <parley-brand></parley-brand>
      <div class="room"><h1>${this.call.options.roomName}</h1>
        ${isLocalProfile(this.deployment) ? html`<span class="mark" title=${LOCAL_PROFILE}>Local profile</span>` : nothing}</div>
      <div class="actions">
        <button class="button quiet" aria-label="Transcript" @click=${() => (this.dialog = "transcript")}>${icon("transcript")}<span>Transcript</span></button>
        ${this.session?.kind === "member"
          ? html`<button class="button quiet" aria-label="Invite" @click=${() => (this.dialog = "invite")}>${icon("link")}<span>Invite</span></button>`
          : nothing}
        <parley-theme></parley-theme>
      </div>
    </header>`;
  }

  #renderBanners(): TemplateResult {
    const { call } = this;
    const lost = call.people.find((person) => person.isLocal)?.quality;
    return html`
      ${this.failure ? html`<parley-banner tone="error">${this.failure}
        <button slot="action" class="button" @click=${this.#join}>Try again</button>
        <button slot="action" class="button quiet" @click=${this.#toLobby}>Back</button></parley-banner>` : nothing}
      ${call.connection === "reconnecting" ? html`<parley-banner tone="caution">The connection was lost. Reconnecting…</parley-banner>` : nothing}
      ${call.connection === "connected" && (lost === "poor" || lost === "lost")
        ? html`<parley-banner tone="caution">Your connection is weak; you may hear gaps.</parley-banner>` : nothing}
      ${call.connection === "connected" && !call.canPlayAudio ? html`<parley-banner>Your browser holds the sound back until you allow it.
        <button slot="action" class="button primary" @click=${() => call.playAudio()}>${icon("volume", 18)}Turn on sound</button></parley-banner>` : nothing}
      ${call.problem ? html`<parley-banner tone="error">${call.problem}
        <button slot="action" class="button quiet" @click=${() => call.dismissProblem()}>Dismiss</button></parley-banner>` : nothing}
    `;
  }

  readonly #join = async (): Promise<void> => {
    this.failure = "";
    try {
      await this.call.join();
    } catch (error) {
      this.failure = error instanceof ApiError ? error.message : "The media server does not answer, so nobody could hear you.";
    }
  };

  readonly #close = (): void => {
    this.dialog = "none";
  };

  readonly #toLobby = (): void => {
    this.dispatchEvent(new CustomEvent("lobby"));
  };
}
