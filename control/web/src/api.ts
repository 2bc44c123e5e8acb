// Control's HTTP interface for rooms and meetings; what other pages need of it stands beside them.
import { request } from "./http.ts";

export interface Deployment {
  readonly agent_name: string;
  /** What the workers run on, as they report it; null while none did. */
  readonly profile: string | null;
  readonly workers: number;
  readonly demo: { readonly email: string; readonly password: string } | null;
  /** Whether strangers may make an account. */
  readonly sign_up: "open" | "closed";
  /** The folder that letters are written to, told on the machine that it is on; else they go by mail. */
  readonly mail_dir: string | null;
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
