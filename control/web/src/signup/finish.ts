// Making an account, second step: who one is, what the company is called, and a password unless an identity
// provider vouches already.
import { LitElement, html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { buttons } from "../elements/buttons.ts";
import { fields } from "../elements/field.ts";
import { Form, exactly, written } from "../elements/form.ts";
import "../elements/frame.ts";
import { Loaded } from "../elements/loaded.ts";
import { PasswordField, passwords } from "../elements/password.ts";
import { tellSession } from "../events.ts";
import { makeAccount, signUp, type SignUp } from "../signin/api.ts";
import { base } from "../styles/base.ts";
import { cards } from "../styles/cards.ts";
import { PASSWORD_CHARS } from "./rules.ts";
import { deadEnd } from "./steps.ts";

@customElement("parley-finish-sign-up")
export class FinishSignUp extends LitElement {
  @property() code = "";
  readonly #begun = new Loaded(this, () => signUp(this.code));
  readonly #form: Form = new Form(this, async (data) => {
    const account = { code: this.code, name: written(data, "name"), tenant_name: written(data, "tenant_name") };
    const password = data.has("password") ? { password: exactly(data, "password") } : {};
    tellSession(this, await makeAccount({ ...account, ...password }));
  });
  readonly #password = new PasswordField(this, () => this.#form);

  static override styles = [base, buttons, fields, passwords, cards];

  override render(): TemplateResult {
    return html`<parley-frame><section class="card" aria-labelledby="title">${this.#renderStep()}</section></parley-frame>`;
  }

  #renderStep(): TemplateResult {
    if (this.#begun.isMissing) {
      return deadEnd("This link leads nowhere", "It is older than a day, or was used. Begin again for a new one.", { path: "/sign-up", label: "Begin again" });
    }
    return this.#begun.render((begun) => this.#renderForm(begun));
  }

  #renderForm(begun: SignUp): TemplateResult {
    const { busy } = this.#form;
    return html`
      <header><h1 id="title">Who are you?</h1><p class="muted">Your account will be that of <strong>${begun.email}</strong>.</p></header>
      <form class="stack" novalidate @submit=${this.#form.submit}>
        ${this.#form.banner()}
        <input type="email" name="username" autocomplete="username" .value=${begun.email} readonly hidden>
        ${this.#form.field({ id: "name", label: "Your name", hint: "Others see it in meetings." }, html`
          <input id="name" name="name" autocomplete="name" maxlength="60" required autofocus .value=${begun.name ?? ""} @input=${this.#form.edited}>`)}
        ${this.#form.field({ id: "tenant_name", label: "Company", hint: "You will be its owner, and can invite others." }, html`
          <input id="tenant_name" name="tenant_name" autocomplete="organization" maxlength="200" required @input=${this.#form.edited}>`)}
        ${begun.needs_password ? this.#password.render({ id: "password", label: "Password", atLeast: PASSWORD_CHARS }) : nothing}
        <button class="button primary large wide" ?disabled=${busy}>${busy ? "Making your account…" : "Make the account"}</button>
      </form>
    `;
  }
}
