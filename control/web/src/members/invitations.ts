// Invitations that wait for an answer. The link goes by letter only: it is good for that address alone.
import { LitElement, html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Deployment } from "../api.ts";
import "../elements/banner.ts";
import { buttons } from "../elements/buttons.ts";
import { confirm } from "../elements/confirm.ts";
import { fields } from "../elements/field.ts";
import { focusHeading } from "../elements/focus.ts";
import { Form, written } from "../elements/form.ts";
import { Loaded } from "../elements/loaded.ts";
import { empty, part } from "../elements/part.ts";
import { say } from "../elements/toast.ts";
import { describe } from "../problem.ts";
import type { Role, Session } from "../session.ts";
import { base } from "../styles/base.ts";
import { parts } from "../styles/parts.ts";
import { ago } from "../words.ts";
import { invitations, invite, revokeInvitation, type PendingInvitation } from "./api.ts";
import { mayManage, ROLE_NAMES, roleChoice } from "./roles.ts";

@customElement("parley-invitations")
export class Invitations extends LitElement {
  @property({ attribute: false }) session!: Session;
  @property({ attribute: false }) deployment: Deployment | null = null;
  @state() private resending = "";
  @state() private trouble = "";
  readonly #pending = new Loaded(this, invitations);

  readonly #form: Form = new Form(this, async (data) => {
    const email = written(data, "email");
    await invite(email, String(data.get("role") ?? "member") as Role);
    this.renderRoot.querySelector("form")?.reset();
    say(`A letter is on its way to ${email}.`);
    await this.#pending.reload();
  });

  static override styles = [base, buttons, fields, parts];

  override render(): TemplateResult {
    const folder = this.deployment?.mail_dir;
    return part("invitations", "Invitations", html`A letter brings a link that is good for a week, for that address alone.
      ${folder ? html`On this machine letters are files in <code>${folder}</code>` : nothing}`, html`
      <div class="panel">
        <form class="stack" novalidate @submit=${this.#form.submit}>
          ${this.#form.banner()}
          ${this.#form.field({ id: "email", label: "E-mail" }, html`<input id="email" name="email" type="email" inputmode="email" autocomplete="off" maxlength="320" required @input=${this.#form.edited}>`)}
          ${roleChoice(this.session.role, "member")}
          <div class="actions"><button class="button primary" ?disabled=${this.#form.busy}>${this.#form.busy ? "Inviting…" : "Invite"}</button></div>
        </form>
        ${this.trouble ? html`<parley-banner tone="error">${this.trouble}</parley-banner>` : nothing}
        <div class="below">${this.#pending.render((all) => all.length === 0
          ? empty("Nobody is invited", "Who is invited stands here until they have joined.")
          : html`<ul class="rows" aria-label="Open invitations">${all.map((invitation) => this.#renderInvitation(invitation))}</ul>`)}</div>
      </div>`);
  }

  #renderInvitation(invitation: PendingInvitation): TemplateResult {
    const whose = html`<span class="visually-hidden"> of ${invitation.email}</span>`;
    return html`<li>
      <div class="what"><span class="name">${invitation.email} <span class="tag">${ROLE_NAMES[invitation.role]}</span></span>
        <span class="meta">Sent ${ago(invitation.created_at)} · ends ${ago(invitation.expires_at)}</span></div>
      ${mayManage(this.session.role, invitation.role) ? html`<div class="do">
        <button class="button quiet small" ?disabled=${this.resending === invitation.id} @click=${() => this.#resend(invitation)}>Send again${whose}</button>
        <button class="button quiet small harm" @click=${() => this.#revoke(invitation)}>Take back${whose}</button></div>` : nothing}
    </li>`;
  }

  async #resend(invitation: PendingInvitation): Promise<void> {
    this.resending = invitation.id;
    this.trouble = "";
    try {
      await invite(invitation.email, invitation.role);
      say(`A new letter is on its way to ${invitation.email}. The former link is void.`);
      await this.#pending.reload();
    } catch (error) {
      this.trouble = describe(error);
    } finally {
      this.resending = "";
    }
  }

  async #revoke(invitation: PendingInvitation): Promise<void> {
    const done = await confirm({
      heading: "Take the invitation back?",
      text: `The link that went to ${invitation.email} stops working.`,
      action: "Take back",
      isDangerous: true,
      run: () => revokeInvitation(invitation.id),
    });
    if (!done) return;
    say("The invitation is taken back.");
    await this.#pending.reload();
    await focusHeading(this);
  }
}
