// The templates of the screens outside of a meeting. Their elements come with the chunk of each.
import { html, type TemplateResult } from "lit";
import type { Deployment, Invitation } from "./api.ts";
import type { Chunk } from "./chunks.ts";
import type { Route, RouteKind } from "./routes.ts";
import type { SecondFactor, Session } from "./session.ts";

export const TITLES: Record<RouteKind, string> = {
  home: "Lobby",
  room: "Lobby",
  invite: "Lobby",
  "sign-in": "Sign in",
  "sign-up": "Make an account",
  reset: "Choose a new password",
  "confirm-email": "Confirm your address",
  invitation: "Invitation",
  account: "Account",
  members: "Members",
  keys: "Keys",
  agents: "Agents",
};

export interface Entrance {
  readonly session: Session | null;
  readonly deployment: Deployment | null;
  readonly invitation: Invitation | null;
  /** Why a guest's link leads nowhere. */
  readonly trouble: string;
  readonly notice: string;
  readonly next: string;
  readonly secondFactor: SecondFactor | null;
}

export function renderEntrance(route: Route, it: Entrance): TemplateResult {
  switch (route.kind) {
    case "invite":
      return html`<parley-guest .code=${route.code} .invitation=${it.invitation} .trouble=${it.trouble}></parley-guest>`;
    case "sign-up":
      return route.code
        ? html`<parley-finish-sign-up .code=${route.code}></parley-finish-sign-up>`
        : html`<parley-sign-up .deployment=${it.deployment}></parley-sign-up>`;
    case "reset":
      return html`<parley-reset .code=${route.code} .deployment=${it.deployment}></parley-reset>`;
    case "confirm-email":
      return html`<parley-confirm-email .code=${route.code}></parley-confirm-email>`;
    case "invitation":
      return html`<parley-invitation .code=${route.code} .session=${it.session}></parley-invitation>`;
    default:
      return html`<parley-signin .deployment=${it.deployment} .next=${it.next} .notice=${it.notice} .secondFactor=${it.secondFactor}></parley-signin>`;
  }
}

export function renderPage(page: Chunk, session: Session, deployment: Deployment | null): TemplateResult {
  switch (page) {
    case "account":
      return html`<parley-account .session=${session} .deployment=${deployment}></parley-account>`;
    case "members":
      return html`<parley-members .session=${session} .deployment=${deployment}></parley-members>`;
    case "keys":
      return html`<parley-keys .session=${session}></parley-keys>`;
    default:
      return html`<parley-agents .session=${session} .query=${location.search}></parley-agents>`;
  }
}

export function renderAway(trouble: string, retry: () => void): TemplateResult {
  return html`<div class="wait" role="alert">
    <h1>Parley is not answering</h1>
    <p>${trouble}</p>
    <button class="button primary" @click=${retry}>Try again</button>
  </div>`;
}
