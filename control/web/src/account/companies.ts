// The companies that one belongs to: going to another, and leaving.
import { LitElement, html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { buttons } from "../elements/buttons.ts";
import { confirm } from "../elements/confirm.ts";
import { Form } from "../elements/form.ts";
import { part } from "../elements/part.ts";
import { say } from "../elements/toast.ts";
import { tellSession, tellSignedOut } from "../events.ts";
import { switchTenant, type Session } from "../session.ts";
import { base } from "../styles/base.ts";
import { parts } from "../styles/parts.ts";
import { leaveTenant, type Account, type Membership } from "./api.ts";

const ROLES: Record<string, string> = { owner: "Owner", admin: "Admin", member: "Member" };

@customElement("parley-companies")
export class Companies extends LitElement {
  @property({ attribute: false }) account!: Account;
  @property({ attribute: false }) session!: Session;
  readonly #switching: Form = new Form(this, async (data) => tellSession(this, await switchTenant(String(data.get("tenant")))));

  static override styles = [base, buttons, parts];

  override render(): TemplateResult {
    return part("companies", "Companies", "Each has rooms, agents and members of its own. You leave the one that you work in.", html`
      <div class="panel">
        ${this.#switching.banner()}
        <ul class="rows">${this.account.tenants.map((tenant) => this.#renderTenant(tenant))}</ul>
      </div>`);
  }

  #renderTenant(tenant: Membership): TemplateResult {
    const isHere = tenant.id === this.session.tenant.id;
    return html`<li>
      <div class="what"><span class="name">${tenant.name} ${isHere ? html`<span class="tag on">you are here</span>` : nothing}</span>
        <span class="meta">${ROLES[tenant.role] ?? tenant.role}</span></div>
      <div class="do">${isHere
        ? html`<button class="button quiet small harm" @click=${() => this.#leave(tenant)}>Leave<span class="visually-hidden"> ${tenant.name}</span></button>`
        : html`<form @submit=${this.#switching.submit}><input type="hidden" name="tenant" value=${tenant.id}>
            <button class="button quiet small" ?disabled=${this.#switching.busy}>Work there<span class="visually-hidden"> (${tenant.name})</span></button></form>`}</div>
    </li>`;
  }

  async #leave(tenant: Membership): Promise<void> {
    const done = await confirm({
      heading: `Leave ${tenant.name}?`,
      text: "You lose its rooms and transcripts at once, and are signed out. Only an invitation brings you back.",
      action: "Leave",
      isDangerous: true,
      run: () => leaveTenant(this.session.identity),
    });
    if (!done) return;
    say(`You have left ${tenant.name}.`);
    tellSignedOut(this);
  }
}
