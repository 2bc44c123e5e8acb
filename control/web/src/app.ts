// The page as a whole: who is here, and which of its screens that leads to. It holds no state of a screen.
import { LitElement, css, html, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { keyed } from "lit/directives/keyed.js";
import { deployment, type Deployment, type Invitation } from "./api.ts";
import { loadChunk, type Chunk } from "./chunks.ts";
import { buttons } from "./elements/buttons.ts";
import "./elements/toast.ts";
import { say } from "./elements/toast.ts";
import { dropSession, watchSession } from "./http.ts";
import type { JoinRequest } from "./lobby/lobby.ts";
import type { Call } from "./meeting/call.ts";
import { Navigation } from "./navigation.ts";
import { ApiError, describe } from "./problem.ts";
import { DEFAULT_ROOM, roomPath, safeNext, signInPath, type Route, type RouteKind } from "./routes.ts";
import { renderAway, renderEntrance, renderPage, TITLES } from "./screens.ts";
import { currentSession, type Session } from "./session.ts";
import { findInvitation, mayEnter, NO_INVITATION } from "./signin/guest-link.ts";
import { readReturn, type Return } from "./signin/return.ts";
import { base } from "./styles/base.ts";

const FOR_MEMBERS: ReadonlySet<RouteKind> = new Set(["account", "members", "keys", "agents"]);
const ENDED = "Your session has ended. Sign in to go on.";

@customElement("parley-app")
export class App extends LitElement {
  @state() private session: Session | null = null;
  @state() private deployment: Deployment | null = null;
  @state() private invitation: Invitation | null = null;
  @state() private call: Call | null = null;
  @state() private phase: "loading" | "away" | "ready" = "loading";
  @state() private trouble = "";
  @state() private notice = "";
  @state() private returned: Return = readReturn(location);
  @state() private loaded: ReadonlySet<Chunk> = new Set();
  /** Whether the session has ended while a meeting went on. */
  #hasEnded = false;
  readonly #navigation = new Navigation(this, () => void this.#navigated());
  readonly #otherTabs = new BroadcastChannel("parley.session");

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
    this.addEventListener("signed-in", (event) => this.#signedIn((event as CustomEvent<Session>).detail));
    this.addEventListener("signed-out", () => this.#signedOut());
    this.#otherTabs.addEventListener("message", () => void this.#followOtherTab());
    watchSession({ prove: this.#prove, ended: this.#ended, changed: this.#changed });
    void this.#load();
  }

  override updated(): void {
    const place = this.call?.options.roomName ?? (this.session === null && this.#route.kind === "home" ? "Sign in" : TITLES[this.#route.kind]);
    document.title = this.phase === "ready" ? `${place} · Parley` : "Parley";
  }

  get #route(): Route {
    return this.#navigation.route;
  }

  override render(): TemplateResult {
    return html`${this.#renderScreen()}<parley-toast></parley-toast>`;
  }

  #renderScreen(): TemplateResult {
    if (this.phase === "away") return renderAway(this.trouble, this.#load);
    const chunk = this.#chunk();
    if (this.phase === "loading" || !this.loaded.has(chunk)) return html`<div class="wait" role="status"><p>One moment…</p></div>`;
    if (this.call !== null) return this.#renderCall(this.call);
    if (chunk === "meet" && this.session !== null) return this.#renderLobby(this.session);
    const { session } = this;
    if (chunk !== "entrance" && session !== null) return html`${keyed(`${session.tenant.id} ${session.role}`, renderPage(chunk, session, this.deployment))}`;
    const route = this.#route;
    return html`${keyed(`${route.kind} ${"code" in route ? route.code : ""}`, renderEntrance(route, this.#entranceState()))}`;
  }

  /** What the present screen is made of. */
  #chunk(): Chunk {
    const { kind } = this.#route;
    if (this.call !== null) return "meet";
    if (this.session !== null && (kind === "home" || kind === "room" || (kind === "invite" && this.session.kind === "guest"))) return "meet";
    return kind === "account" || kind === "members" || kind === "keys" || kind === "agents" ? kind : "entrance";
  }

  #entranceState() {
    const { session, deployment, invitation, trouble } = this;
    const { secondFactor } = this.returned;
    return { session, deployment, invitation, trouble, notice: this.notice || this.returned.problem, next: this.#next, secondFactor };
  }

  #renderLobby(session: Session): TemplateResult {
    return html`${keyed(session.tenant.id, html`<parley-lobby .session=${session} .deployment=${this.deployment} .room=${this.#room(session)} @join=${this.#join}></parley-lobby>`)}`;
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
      await this.#settle();
      this.phase = "ready";
    } catch (error) {
      this.trouble = describe(error);
      this.phase = "away";
    }
  };

  /** Sends somebody who has to sign in first there, and somebody who has done so on; then loads the screen. */
  async #settle(): Promise<void> {
    const { kind } = this.#route;
    const isMember = this.session?.kind === "member";
    if ((FOR_MEMBERS.has(kind) && !isMember) || (kind === "room" && this.session === null)) {
      this.#navigation.replace(signInPath(location.pathname + location.search));
    } else if (kind === "sign-in" && isMember) {
      this.#navigation.replace(this.#next);
    }
    const chunk = this.#chunk();
    if (!this.loaded.has(chunk)) {
      await loadChunk(chunk).catch(() => { throw new ApiError("A part of the page could not be loaded.", 0); });
      this.loaded = new Set([...this.loaded, chunk]);
    }
  }

  get #next(): string {
    if (this.#route.kind !== "sign-in") return location.pathname;
    return safeNext(this.returned.next ?? new URLSearchParams(location.search).get("next"), location.origin);
  }

  /** A link for a room that this session may enter anyway leads to that room. */
  async #readInvitation(): Promise<void> {
    const route = this.#route;
    const { invitation, trouble } = route.kind === "invite" ? await findInvitation(route.code) : NO_INVITATION;
    [this.invitation, this.trouble] = [invitation, trouble];
    if (invitation === null) return;
    if (mayEnter(this.session, invitation)) this.#navigation.show({ kind: "room", room: invitation.room_name });
    else this.session = null;
  }

  #room(session: Session): string {
    if (session.roomName !== null) return session.roomName;
    return this.#route.kind === "room" ? this.#route.room : DEFAULT_ROOM;
  }

  async #navigated(): Promise<void> {
    await this.call?.leave();
    this.call = null;
    this.notice = "";
    this.returned = readReturn(location);
    if (this.#route.kind === "invite") return this.#load();
    void deployment().then((fresh) => (this.deployment = fresh), () => undefined);
    await this.#settleOrSay();
  }

  #signedIn(session: Session): void {
    this.#hasEnded = false;
    const isNew = session.tenant.id !== this.session?.tenant.id;
    this.session = session;
    this.notice = "";
    this.#otherTabs.postMessage(null);
    const { kind } = this.#route;
    if (kind === "sign-up" || kind === "invitation") {
      say(`Welcome to ${session.tenant.name}.`);
      this.#navigation.replace("/");
    } else if (isNew && FOR_MEMBERS.has(kind)) {
      say(`You are in ${session.tenant.name} now.`);
    }
    void this.#settleOrSay();
  }

  #signedOut(): void {
    dropSession();
    this.session = null;
    this.#otherTabs.postMessage(null);
    if (this.#route.kind !== "invitation") this.#navigation.replace("/");
    void this.#settleOrSay();
  }

  async #settleOrSay(): Promise<void> {
    await this.#settle().catch((error: unknown) => [this.trouble, this.phase] = [describe(error), "away"]);
  }

  readonly #prove = async (): Promise<boolean> => {
    const { askForProof } = await import("./signin/proof.ts");
    const session = await askForProof();
    if (session !== null) this.session = session;
    return session !== null;
  };

  /** A meeting goes on without a session until somebody leaves it: the room's token is another thing. */
  readonly #ended = (): void => {
    this.#hasEnded = true;
    if (this.call !== null) return;
    this.session = null;
    this.notice = ENDED;
    void this.#settleOrSay();
  };

  readonly #changed = (): void => {
    say("You signed in as somebody else, or to another company, in another tab.");
    void this.#load();
  };

  /** Somebody else, or another company, is another page; whatever is the same keeps what was typed. */
  async #followOtherTab(): Promise<void> {
    if (this.call !== null) return;
    const now = await currentSession().catch(() => this.session);
    const isSame = now?.identity === this.session?.identity && now?.tenant.id === this.session?.tenant.id && now?.role === this.session?.role;
    if (!isSame) return this.#load();
    this.session = now;
  }

  readonly #join = (event: CustomEvent<JoinRequest>): void => {
    if (this.session === null) return;
    const { room, name, withMicrophone, deviceId } = event.detail;
    void this.#open({ roomName: room, identity: this.session.identity, name, withMicrophone, deviceId });
  };

  async #open(options: Call["options"]): Promise<void> {
    const { Call } = await import("./meeting/meet.ts");
    this.call = new Call(options);
    if (this.session?.kind === "member") this.#navigation.push(roomPath(options.roomName));
    else this.#navigation.show({ kind: "room", room: options.roomName });
  }

  readonly #toLobby = (): void => {
    this.call = null;
    if (this.#hasEnded) this.#ended();
  };
}
