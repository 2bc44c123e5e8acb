// Control's HTTP interface as the pages use it. Every failure becomes an ApiError whose message is a
// sentence for a person; the session is a cookie that scripts cannot read.

export interface Tenant {
  readonly id: string;
  readonly name: string;
}

export interface Session {
  /** The participant identity that the server derives from this session, before a tab's suffix. */
  readonly identity: string;
  readonly kind: "member" | "guest";
  readonly name: string;
  readonly email: string | null;
  readonly tenant: Tenant;
  /** The one room of a guest; null for a member. */
  readonly roomName: string | null;
}

export interface Deployment {
  readonly agent_name: string;
  /** What the workers run on, as they report it; null while none did. */
  readonly profile: string | null;
  readonly workers: number;
  readonly demo: { readonly email: string; readonly password: string } | null;
}

export type AgentPresence = "no_worker" | "idle" | "dispatched" | "joined";

export interface RoomStatus {
  readonly name: string;
  readonly agent: { readonly state: AgentPresence };
  readonly humans: number;
}

export interface Invitation {
  readonly room_name: string;
  readonly tenant_name: string;
  readonly expires_at: string;
}

export interface InviteLink {
  readonly url: string;
  readonly code: string;
  readonly expires_at: string;
}

export interface Token {
  readonly server_url: string;
  readonly participant_token: string;
}

export interface Turn {
  readonly seq: number;
  readonly role: "user" | "agent";
  readonly channel: "voice" | "text" | "screen" | "chat" | "widget";
  readonly speaker: { readonly identity: string; readonly name: string };
  readonly text: string;
  readonly state: "streaming" | "complete" | "interrupted" | "failed";
  readonly at: string;
}

export class ApiError extends Error {
  /** 0 when the server could not be reached at all. */
  readonly status: number;
  readonly code: string;
  readonly retryAfterS: number | null;

  constructor(message: string, status: number, code = "", retryAfterS: number | null = null) {
    super(message);
    this.status = status;
    this.code = code;
    this.retryAfterS = retryAfterS;
  }

  /** Whether trying again later may help. */
  get isAway(): boolean {
    return this.status === 0 || this.status >= 500;
  }
}

const TIMEOUT_MS = 15_000;

interface SessionAnswer {
  readonly user: { readonly id: string; readonly name: string; readonly email: string } | null;
  readonly guest: { readonly id: string; readonly name: string; readonly room_name: string } | null;
  readonly tenant: Tenant;
}

/** The signed-in session, or null. */
export async function currentSession(): Promise<Session | null> {
  try {
    return readSession(await request<SessionAnswer>("GET", "/v1/sessions/current"));
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return null;
    throw error;
  }
}

export async function signIn(email: string, password: string): Promise<Session> {
  return readSession(await request<SessionAnswer>("POST", "/v1/sessions", { email, password }));
}

export async function enterAsGuest(invite: string, name: string): Promise<Session> {
  return readSession(await request<SessionAnswer>("POST", "/v1/sessions", { invite, name }));
}

export function signOut(): Promise<void> {
  return request("DELETE", "/v1/sessions/current");
}

export function deployment(): Promise<Deployment> {
  return request("GET", "/v1/deployment");
}

export function invitation(code: string): Promise<Invitation> {
  return request("GET", `/v1/invites/${encodeURIComponent(code)}`);
}

export function createInvite(roomName: string): Promise<InviteLink> {
  return request("POST", `/v1/rooms/${encodeURIComponent(roomName)}/invites`, {});
}

export function roomStatus(roomName: string): Promise<RoomStatus> {
  return request("GET", `/v1/rooms/${encodeURIComponent(roomName)}`);
}

export function token(roomName: string, identity: string, name: string): Promise<Token> {
  return request("POST", "/v1/token", {
    room_name: roomName,
    participant_identity: identity,
    participant_name: name,
  });
}

/** The stored turns of the room's newest conversation, oldest first; empty when there is none. */
export async function storedTurns(roomName: string): Promise<Turn[]> {
  const query = new URLSearchParams({ room_name: roomName, limit: "1" });
  const page = await request<{ data: { id: string }[] }>("GET", `/v1/conversations?${query}`);
  const newest = page.data[0];
  if (newest === undefined) return [];
  const path = `/v1/conversations/${newest.id}/transcript.json`;
  return (await request<{ turns: Turn[] }>("GET", path)).turns;
}

async function request<T>(method: string, path: string, body?: object): Promise<T> {
  const init: RequestInit = { method, signal: AbortSignal.timeout(TIMEOUT_MS), cache: "no-store" };
  if (body !== undefined) {
    init.body = JSON.stringify(body);
    init.headers = { "content-type": "application/json" };
  }
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch {
    throw new ApiError("The server does not answer. Is it running?", 0, "unreachable");
  }
  if (!response.ok) throw await problemOf(response);
  return (response.status === 204 ? undefined : await response.json()) as T;
}

/** Reads an RFC 9457 problem; anything else in its place (a proxy's page) gets a sentence of ours. */
async function problemOf(response: Response): Promise<ApiError> {
  const problem = (await response.json().catch(() => ({}))) as { detail?: string; title?: string; code?: string };
  const fallback = `The server answered with status ${response.status}.`;
  const wait = Number(response.headers.get("retry-after"));
  return new ApiError(
    problem.detail ?? problem.title ?? fallback,
    response.status,
    problem.code ?? "",
    Number.isFinite(wait) && wait > 0 ? wait : null,
  );
}

function readSession(answer: SessionAnswer): Session {
  const person = answer.user ?? answer.guest;
  if (person === null) throw new ApiError("The server sent a session without a person.", 500, "session");
  return {
    identity: person.id,
    kind: answer.user ? "member" : "guest",
    name: person.name,
    email: answer.user?.email ?? null,
    tenant: answer.tenant,
    roomName: answer.guest?.room_name ?? null,
  };
}
