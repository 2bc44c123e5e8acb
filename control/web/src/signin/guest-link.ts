// A guest's link: which room it is for, or why it leads nowhere.
import { invitation, type Invitation } from "../api.ts";
import { ApiError } from "../problem.ts";
import type { Session } from "../session.ts";

export interface GuestLink {
  readonly invitation: Invitation | null;
  /** Why the link leads nowhere; empty where it does not. */
  readonly trouble: string;
}

export const NO_INVITATION: GuestLink = { invitation: null, trouble: "" };

/** Raises ApiError when the server is away. */
export async function findInvitation(code: string): Promise<GuestLink> {
  try {
    return { invitation: await invitation(code), trouble: "" };
  } catch (error) {
    if (!(error instanceof ApiError) || error.isAway) throw error;
    return { invitation: null, trouble: error.message };
  }
}

/** Whether somebody who is here may enter the room without the link. */
export function mayEnter(session: Session | null, { room_name: room, tenant_name: tenant }: Invitation): boolean {
  return session !== null && session.tenant.name === tenant && (session.roomName ?? room) === room;
}
