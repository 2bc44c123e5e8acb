// Who is signed in: the session as the pages hold it, and the ways to get one and to end it.
import { ApiError } from "./problem.ts";
import { holdSession, offer, request, type Holder } from "./http.ts";

export interface Tenant {
  readonly id: string;
  readonly name: string;
}

export type Role = "owner" | "admin" | "member";

export interface Session {
  /** The participant identity that the server derives from this session, before a tab's suffix. */
  readonly identity: string;
  readonly kind: "member" | "guest";
  readonly name: string;
  readonly email: string | null;
  readonly tenant: Tenant;
  /** Null for a guest. */
  readonly role: Role | null;
  /** The one room of a guest; null for a member. */
  readonly roomName: string | null;
}

export type FactorMethod = "totp" | "passkey" | "recovery_code";

/** A first factor was right, and the person has a second one. */
export interface SecondFactor {
  readonly ticket: string;
  readonly methods: readonly FactorMethod[];
  readonly expires_at: string;
}

export interface Proof {
  readonly method: FactorMethod;
  readonly code?: string;
  readonly ticket?: string;
  readonly credential?: object;
}

export interface SessionAnswer extends Holder {
  readonly user: { readonly id: string; readonly name: string; readonly email: string } | null;
  readonly guest: { readonly id: string; readonly name: string; readonly room_name: string } | null;
  readonly tenant: Tenant;
  readonly role?: Role | null;
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

/** `invitation`: the code of one to join a company, which signing in accepts; null for none. */
export async function signIn(email: string, password: string, invitation: string | null): Promise<Session | SecondFactor> {
  const response = await offer("/v1/sessions", { email, password, invitation });
  const answer = (await response.json()) as SessionAnswer | { second_factor: SecondFactor };
  return "second_factor" in answer ? answer.second_factor : readSession(answer);
}

export function needsSecondFactor(answer: Session | SecondFactor): answer is SecondFactor {
  return "ticket" in answer;
}

export function signInBySecondFactor(ticket: string, proof: Proof): Promise<Session> {
  return enter("/v1/sessions/second-factor", { ticket, proof });
}

export function signInByPasskey(ticket: string, credential: object, invitation: string | null): Promise<Session> {
  return enter("/v1/sessions/passkey", { ticket, credential, invitation });
}

export function enterAsGuest(invite: string, name: string): Promise<Session> {
  return enter("/v1/sessions", { invite, name });
}

/** Proves once more who one is, which delicate actions ask for. */
export function proveAgain(by: { password?: string; proof?: Proof }): Promise<Session> {
  return enter("/v1/sessions/current/proof", by);
}

export async function switchTenant(tenantId: string): Promise<Session> {
  return readSession(await request<SessionAnswer>("POST", "/v1/sessions/current/tenant", { tenant_id: tenantId }));
}

export function signOut(): Promise<void> {
  return request("DELETE", "/v1/sessions/current");
}

/** Sends a credential that a session is given for. */
export async function enter(path: string, body: object): Promise<Session> {
  return readSession((await (await offer(path, body)).json()) as SessionAnswer);
}

export function readSession(answer: SessionAnswer): Session {
  const person = answer.user ?? answer.guest;
  if (person === null) throw new ApiError("The server sent a session without a person.", 500, "session");
  holdSession(answer);
  return {
    identity: person.id,
    kind: answer.user ? "member" : "guest",
    name: person.name,
    email: answer.user?.email ?? null,
    tenant: answer.tenant,
    role: answer.user ? (answer.role ?? "member") : null,
    roomName: answer.guest?.room_name ?? null,
  };
}

export function isAdmin(session: Session): boolean {
  return session.role === "owner" || session.role === "admin";
}
