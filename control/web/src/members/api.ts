// Control's HTTP interface for a company and its people.
import { download, request, requestAll } from "../http.ts";
import { readSession, type Role, type Session, type SessionAnswer } from "../session.ts";

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  /** Null for who does not administer. */
  readonly has_second_factor: boolean | null;
  readonly created_at: string;
}

export interface PendingInvitation {
  readonly id: string;
  readonly email: string;
  readonly role: Role;
  readonly created_at: string;
  readonly expires_at: string;
}

export interface Company {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** Null keeps conversations until they are deleted. */
  readonly retention_days: number | null;
  readonly created_at: string;
}

const at = (list: string, id: string) => `/v1/${list}/${encodeURIComponent(id)}`;

export const people = () => requestAll<Person>("/v1/members");
export const changeRole = (id: string, role: Role) => request<Person>("PATCH", at("members", id), { role });
export const signOutPerson = (id: string) => request<void>("DELETE", `${at("members", id)}/sessions`);
export const removePerson = (id: string) => request<void>("DELETE", at("members", id));

export const invitations = () => requestAll<PendingInvitation>("/v1/member-invitations");
export const invite = (email: string, role: Role) => request<PendingInvitation>("POST", "/v1/member-invitations", { email, role });
export const revokeInvitation = (id: string) => request<void>("DELETE", at("member-invitations", id));

export const company = () => request<Company>("GET", "/v1/tenant");
export const changeCompany = (change: { name?: string; retention_days?: number | null }) => request<Company>("PATCH", "/v1/tenant", change);
export const deleteCompany = (name: string) => request<void>("DELETE", "/v1/tenant", { name });
export const exportCompany = () => download("/v1/tenant/export");
export async function transferCompany(userId: string): Promise<Session> {
  return readSession(await request<SessionAnswer>("POST", "/v1/tenant/transfer", { user_id: userId }));
}
