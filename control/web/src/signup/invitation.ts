// An invitation into a company: joined at once by who is signed in, after a sign-in by who has an account,
// and with a new account by everybody else.
import { LitElement, html, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { buttons } from "../elements/buttons.ts";
import { fields } from "../elements/field.ts";
import { Form, exactly, written } from "../elements/form.ts";
import "../elements/frame.ts";
import { Loaded } from "../elements/loaded.ts";
import { PasswordField, passwords } from "../elements/password.ts";
import { tellSession, tellSignedOut } from "../events.ts";
import { acceptInvitation, memberInvitation, type MemberInvitation } from "../signin/api.ts";
import { signOut, type Role, type Session } from "../session.ts";
import { base } from "../styles/base.ts";
import { cards } from "../styles/cards.ts";
import { PASSWORD_CHARS } from "./rules.ts";
import { deadEnd } from "./steps.ts";

const AS: Record<Role, string> = { owner: "an owner", admin: "an admin", member: "a member" };

@customElement("parley-invitation")
export class InvitationPage extends LitElement {
  @property() code = "";
  @property({ attribute: false }) session: Session | null = null;
  readonly #invitation = new Loaded(this, () => memberInvitation(this.code));

  readonly #form: Form = new Form(this, async (data) => {
    const newcomer = data.has("password") ? { name: written(data, "name"), password: exactly(data, "password") } : {};
    tellSession(this, await acceptInvitation({ code: this.code, ...newcomer }));
  });

  readonly #leaving: Form = new Form(this, async () => {
    await signOut();
    tellSignedOut(this);
  });

  readonly #password = new PasswordField(this, () => this.#form);

  static override styles = [base, buttons, fields, passwords, cards];

  override render(): TemplateResult {
    return html`<parley-frame><section class="card" aria-labelledby="title">${this.#renderStep()}</section></parley-frame>`;
  }

  #renderStep(): TemplateResult {
    if (this.#invitation.isMissing) {
      return deadEnd("This invitation cannot be used", "It has expired, was used, or was taken back. Ask for a new one.", { path: "/", label: "To the start" });
    }
    return this.#invitation.render((invitation) => html`
      <header><h1 id="title">Join ${invitation.tenant_name}</h1>
        <p class="muted">You are invited to be ${AS[invitation.role]} there, as <strong>${invitation.email}</strong>.</p></header>
      ${this.#renderWay(invitation)}
    `);
  }

  #renderWay(invitation: MemberInvitation): TemplateResult {
    const email = this.session?.email?.toLowerCase();
    if (email === invitation.email.toLowerCase()) return this.#renderJoin(invitation);
    if (email !== undefined) return this.#renderStranger(email);
    if (invitation.has_account) return this.#renderSignIn();
    return this.#renderNewcomer(invitation);
  }

  #renderJoin(invitation: MemberInvitation): TemplateResult {
    const { busy } = this.#form;
    return html`<form class="stack" @submit=${this.#form.submit}>
      ${this.#form.banner()}
      <button class="button primary large wide" autofocus ?disabled=${busy}>${busy ? "One moment…" : `Join ${invitation.tenant_name}`}</button>
    </form>`;
  }

  #renderStranger(email: string): TemplateResult {
    return html`<form class="stack" @submit=${this.#leaving.submit}>
      ${this.#leaving.banner()}
      <p>You are signed in as <strong>${email}</strong>. This invitation is for another address.</p>
      <button class="button large wide" ?disabled=${this.#leaving.busy}>Sign out and go on</button>
    </form>`;
  }

  #renderSignIn(): TemplateResult {
    return html`<div class="stack">
      <p>You have an account already. Sign in with it to join.</p>
      <a class="button primary large wide" href="/sign-in?next=${encodeURIComponent(`/invitation/${encodeURIComponent(this.code)}`)}">Sign in</a>
    </div>`;
  }

  #renderNewcomer(invitation: MemberInvitation): TemplateResult {
    const { busy } = this.#form;
    return html`<form class="stack" novalidate @submit=${this.#form.submit}>
      ${this.#form.banner()}
      <input type="email" name="username" autocomplete="username" .value=${invitation.email} readonly hidden>
      ${this.#form.field({ id: "name", label: "Your name", hint: "Others see it in meetings." }, html`
        <input id="name" name="name" autocomplete="name" maxlength="60" required @input=${this.#form.edited}>`)}
      ${this.#password.render({ id: "password", label: "Password", atLeast: PASSWORD_CHARS })}
      <button class="button primary large wide" ?disabled=${busy}>${busy ? "One moment…" : `Join ${invitation.tenant_name}`}</button>
    </form>`;
  }
}
