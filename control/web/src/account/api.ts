// Control's HTTP interface for what a person has of their own: account, factors, sessions, companies.
import { request } from "../http.ts";
import { enter, readSession, type Role, type Session, type SessionAnswer } from "../session.ts";

export interface Membership {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
}

export interface Account {
  readonly user: { readonly id: string; readonly name: string; readonly email: string };
  readonly has_password: boolean;
  readonly tenants: readonly Membership[];
}

export interface Factor {
  readonly id: string;
  readonly kind: "totp" | "passkey";
  readonly name: string;
  readonly created_at: string;
  readonly last_used_at: string | null;
}

export interface Factors {
  readonly data: readonly Factor[];
  readonly recovery_codes_left: number;
}

export interface NewTotp {
  readonly id: string;
  readonly secret: string;
  readonly uri: string;
  readonly qr: Qr;
}

export interface Qr {
  readonly side: number;
  readonly path: string;
}

/** What confirming a factor gives: the codes with the first factor, else null. */
export interface Confirmed {
  readonly recovery_codes: readonly string[] | null;
}

export interface Ceremony {
  readonly ticket: string;
  readonly options: object;
}

export interface OwnSession {
  readonly id: string;
  readonly is_current: boolean;
  readonly created_at: string;
  readonly last_seen_at: string;
  readonly expires_at: string;
  readonly methods: readonly string[];
  readonly user_agent: string | null;
  readonly address: string | null;
  readonly tenant: { readonly id: string; readonly name: string };
}

export interface Identity {
  readonly id: string;
  readonly provider: string | null;
  readonly label: string;
  readonly email: string | null;
  readonly created_at: string;
  readonly last_used_at: string | null;
}

export interface List<T> {
  readonly data: readonly T[];
  readonly next_cursor?: string | null;
}

const path = (...parts: string[]) => "/v1/" + parts.map(encodeURIComponent).join("/");

export const account = () => request<Account>("GET", "/v1/account");
export const rename = (name: string) => request<unknown>("PATCH", "/v1/account", { name });
export const changeEmail = (email: string) => request<unknown>("POST", "/v1/account/email", { email });
export const eraseAccount = (email: string) => request<void>("DELETE", "/v1/account", { email });

export async function changePassword(newPassword: string, currentPassword: string | null): Promise<Session> {
  const body = { new_password: newPassword, ...(currentPassword === null ? {} : { current_password: currentPassword }) };
  return readSession(await request<SessionAnswer>("POST", "/v1/account/password", body));
}

export const factors = () => request<Factors>("GET", "/v1/account/factors");
export const addTotp = (name: string) => request<NewTotp>("POST", "/v1/account/factors/totp", { name });
export const confirmTotp = (id: string, code: string) => request<Confirmed>("POST", path("account", "factors", "totp", id, "confirm"), { code });
export const passkeyOptions = () => request<Ceremony>("POST", "/v1/account/factors/passkey/options", {});
export const addPasskey = (ticket: string, name: string, credential: object) =>
  request<Confirmed>("POST", "/v1/account/factors/passkey", { ticket, name, credential });
/** `password`: the one that will stand alone, where the last factor of somebody who has one goes. */
export const removeFactor = (id: string, password: string | null) =>
  request<void>("DELETE", path("account", "factors", id), password === null ? {} : { password });
export const newRecoveryCodes = () => request<{ recovery_codes: string[] }>("POST", "/v1/account/recovery-codes", {});

export const sessions = async () => (await request<List<OwnSession>>("GET", "/v1/sessions")).data;
export const endSession = (id: string) => request<void>("DELETE", path("sessions", id));
export const endOtherSessions = () => request<void>("DELETE", "/v1/sessions");

export const identities = async () => (await request<List<Identity>>("GET", "/v1/account/identities")).data;
export const linkIdentity = (provider: string) => request<{ url: string }>("POST", path("account", "identities", provider), {});
export const unlinkIdentity = (id: string) => request<void>("DELETE", path("account", "identities", id));

export const newTenant = (name: string): Promise<Session> => enter("/v1/tenants", { name });
export const leaveTenant = (userId: string) => request<void>("DELETE", path("members", userId));
