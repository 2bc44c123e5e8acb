// The roles in words, and who may give which: control/people/roles.py decides, this keeps dead buttons away.
import { html, type TemplateResult } from "lit";
import type { Role } from "../session.ts";

export const ROLES: readonly Role[] = ["owner", "admin", "member"];

export const ROLE_NAMES: Record<Role, string> = { owner: "Owner", admin: "Admin", member: "Member" };

const MAY: Record<Role, string> = {
  owner: "Everything, the company's end and its owners included.",
  admin: "Invites people, makes agents and keys, changes everything but owners.",
  member: "Joins rooms, reads transcripts, invites guests.",
};

const MANAGES: Record<Role, readonly Role[]> = { owner: ROLES, admin: ["admin", "member"], member: [] };

export function mayManage(own: Role | null, role: Role): boolean {
  return own !== null && MANAGES[own].includes(role);
}

export function roleChoice(own: Role | null, chosen: Role): TemplateResult {
  const offered = ROLES.filter((role) => mayManage(own, role));
  return html`<fieldset><legend>Role</legend>${offered.map((role) => html`
    <label class="choice"><input type="radio" name="role" value=${role} ?checked=${role === chosen}>
      <span>${ROLE_NAMES[role]}</span><span class="small">${MAY[role]}</span></label>`)}</fieldset>`;
}
