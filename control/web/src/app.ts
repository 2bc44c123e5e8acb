// The page as a whole: who is here, and which of its screens that leads to. It holds no state of a screen.
import { LitElement, css, html, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { currentSession, deployment, invitation, ApiError, type Deployment, type Invitation, type Session } from "./api.ts";
import "./elements/banner.ts";
import { buttons } from "./elements/buttons.ts";
import "./lobby/lobby.ts";
import type { JoinRequest } from "./lobby/lobby.ts";
import { Call } from "./meeting/call.ts";
import "./meeting/meeting.ts";
import "./meeting/left.ts";
import { DEFAULT_ROOM, readRoute, roomPath, type Route } from "./routes.ts";
import "./signin/signin.ts";
import "./signin/guest.ts";
import { base } from "./styles/base.ts";

@customElement("parley-app")
export class App extends LitElement {
  @state() private route: Route = readRoute(location.pathname);
  @state() private session: Session | null = null;
  @state() private deployment: Deployment | null = null;
  @state() private invitation: Invitation | null = null;
  @state() private call: Call | null = null;
  @state() private phase: "loading" | "away" | "ready" = "loading";
  @state() private trouble = "";

  static override styles = [
    base,
    buttons,
    css`
      :host { display: block; }
      .wait { display: grid; place-content: center; justify-items: center; gap: 1.25rem; min-height: 100svh; padding: 2rem; text-align: center; color: var(--ink-2); }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("popstate", () => void this.#navigated());
    void this.#load();
  }

  override updated(): void {
    const place = this.call?.options.roomName ?? (this.session === null ? "Sign in" : "Lobby");
    document.title = this.phase === "ready" ? `${place} · Parley` : "Parley";
  }

  override render(): TemplateResult {
    if (this.phase === "loading") return html`<div class="wait" role="status"><p>One moment…</p></div>`;
    if (this.phase === "away") return this.#renderAway();
    if (this.call !== null) return this.#renderCall(this.call);
    if (this.session === null) return this.#renderEntrance();
    return html`<parley-lobby
      .session=${this.session} .deployment=${this.deployment} .room=${this.#room(this.session)}
      @join=${this.#join} @signed-out=${this.#signedOut}></parley-lobby>`;
  }

  #renderAway(): TemplateResult {
    return html`<div class="wait" role="alert">
      <h1>Parley is not answering</h1>
      <p>${this.trouble}</p>
      <button class="button primary" @click=${this.#load}>Try again</button>
    </div>`;
  }

  #renderEntrance(): TemplateResult {
    if (this.route.kind === "invite") {
      return html`<parley-guest .code=${this.route.code} .invitation=${this.invitation} .trouble=${this.trouble}
        @signed-in=${this.#signedIn}></parley-guest>`;
    }
    return html`<parley-signin .demo=${this.deployment?.demo ?? null} @signed-in=${this.#signedIn}></parley-signin>`;
  }

  #renderCall(call: Call): TemplateResult {
    if (call.ending !== null) {
      return html`<parley-left .call=${call} @rejoin=${() => this.#open(call.options)} @lobby=${this.#toLobby}></parley-left>`;
    }
    return html`<parley-meeting .call=${call} .session=${this.session} .deployment=${this.deployment}
      @ended=${() => this.requestUpdate()} @lobby=${this.#toLobby}></parley-meeting>`;
  }

  readonly #load = async (): Promise<void> => {
    this.phase = "loading";
    try {
      [this.session, this.deployment] = await Promise.all([currentSession(), deployment()]);
      await this.#readInvitation();
      this.phase = "ready";
    } catch (error) {
      this.trouble = error instanceof ApiError ? error.message : "Something unexpected happened.";
      this.phase = "away";
    }
  };

  /** A link for a room that this session may enter anyway leads to that room. */
  async #readInvitation(): Promise<void> {
    this.invitation = null;
    this.trouble = "";
    if (this.route.kind !== "invite") return;
    try {
      this.invitation = await invitation(this.route.code);
    } catch (error) {
      if (!(error instanceof ApiError) || error.isAway) throw error;
      this.trouble = error.message;
      return;
    }
    const { room_name: room, tenant_name: tenant } = this.invitation;
    const fits = this.session?.tenant.name === tenant && (this.session.roomName ?? room) === room;
    if (!fits) this.session = null;
    else this.route = { kind: "room", room };
  }

  #room(session: Session): string {
    if (session.roomName !== null) return session.roomName;
    return this.route.kind === "room" ? this.route.room : DEFAULT_ROOM;
  }

  readonly #signedIn = (event: CustomEvent<Session>): void => {
    this.session = event.detail;
  };

  readonly #signedOut = (): void => {
    this.session = null;
  };

  readonly #join = (event: CustomEvent<JoinRequest>): void => {
    if (this.session === null) return;
    const { room, name, withMicrophone, deviceId } = event.detail;
    this.#open({ roomName: room, identity: this.session.identity, name, withMicrophone, deviceId });
  };

  #open(options: Call["options"]): void {
    this.call = new Call(options);
    this.route = { kind: "room", room: options.roomName };
    const path = roomPath(options.roomName);
    if (this.session?.kind === "member" && location.pathname !== path) history.pushState(null, "", path);
  }

  readonly #toLobby = (): void => {
    this.call = null;
  };

  async #navigated(): Promise<void> {
    await this.call?.leave();
    this.call = null;
    this.route = readRoute(location.pathname);
    await this.#load();
  }
}
