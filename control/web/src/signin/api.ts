// Control's HTTP interface for people who are still outside: providers, sign-up, lost passwords, invitations.
import { offer, request } from "../http.ts";
import { enter, type Role, type Session } from "../session.ts";

export interface Provider {
  readonly name: string;
  readonly label: string;
  readonly kind: string;
}

export interface Challenge {
  readonly ticket: string;
  readonly options: object;
}

export interface SignUp {
  readonly email: string;
  readonly name: string | null;
  readonly needs_password: boolean;
}

export interface MemberInvitation {
  readonly tenant_name: string;
  readonly email: string;
  readonly role: Role;
  readonly expires_at: string;
  readonly has_account: boolean;
}

const at = (path: string, code: string) => `/v1/${path}/${encodeURIComponent(code)}`;

export const providers = async () => (await request<{ data: Provider[] }>("GET", "/v1/identity-providers")).data;

/** `ticket`: of a sign-in that waits for its second factor. */
export async function passkeyChallenge(ticket?: string): Promise<Challenge> {
  const response = await offer("/v1/passkeys/challenges", ticket === undefined ? {} : { ticket });
  return (await response.json()) as Challenge;
}

export const beginSignUp = (email: string) => request<object>("POST", "/v1/sign-ups", { email });
export const signUp = (code: string) => request<SignUp>("GET", at("sign-ups", code));
export const makeAccount = (account: { code: string; name: string; tenant_name: string; password?: string }): Promise<Session> =>
  enter("/v1/accounts", account);

export const askForReset = (email: string) => request<object>("POST", "/v1/password-resets", { email });
export const completeReset = (code: string, password: string) => request<void>("POST", "/v1/password-resets/complete", { code, password });
export const confirmEmail = (code: string) => request<void>("POST", "/v1/email-confirmations", { code });

export const memberInvitation = (code: string) => request<MemberInvitation>("GET", at("member-invitations/by-code", code));
export const acceptInvitation = (acceptance: { code: string; name?: string; password?: string }): Promise<Session> =>
  enter("/v1/member-invitations/accept", acceptance);
