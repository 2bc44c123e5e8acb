// The password: changing it, or setting the first one of somebody who came by an identity provider.
import { LitElement, html, nothing, type TemplateResult } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import { buttons } from "../elements/buttons.ts";
import { fields } from "../elements/field.ts";
import { Form, exactly } from "../elements/form.ts";
import { part } from "../elements/part.ts";
import { PasswordField, passwords } from "../elements/password.ts";
import { say } from "../elements/toast.ts";
import { tellChanged, tellSession } from "../events.ts";
import { PASSWORD_CHARS, PASSWORD_CHARS_WITH_SECOND_FACTOR } from "../signup/rules.ts";
import { base } from "../styles/base.ts";
import { parts } from "../styles/parts.ts";
import { changePassword, type Account } from "./api.ts";

@customElement("parley-own-password")
export class OwnPassword extends LitElement {
  @property({ attribute: false }) account!: Account;
  @property({ type: Boolean }) hasFactor = false;
  @query("form") private formElement!: HTMLFormElement;

  static override styles = [base, buttons, fields, passwords, parts];

  readonly #form: Form = new Form(this, async (data) => {
    const session = await changePassword(exactly(data, "new_password"), data.has("current_password") ? exactly(data, "current_password") : null);
    this.formElement.reset();
    this.#new.reset();
    say("Your password is changed. Your other sessions have ended.");
    tellSession(this, session);
    tellChanged(this);
  });

  readonly #current = new PasswordField(this, () => this.#form);
  readonly #new = new PasswordField(this, () => this.#form);

  override render(): TemplateResult {
    const hasPassword = this.account.has_password;
    const atLeast = this.hasFactor ? PASSWORD_CHARS_WITH_SECOND_FACTOR : PASSWORD_CHARS;
    const text = hasPassword ? "Changing it signs you out everywhere else." : "You have none yet: you come in by an identity provider or a passkey.";
    return part("password-part", "Password", text, html`
      <form class="panel" novalidate @submit=${this.#form.submit}>
        ${this.#form.banner()}
        <input name="username" autocomplete="username" .value=${this.account.user.email} readonly hidden>
        ${hasPassword ? this.#current.render({ id: "current_password", label: "Current password" }) : nothing}
        ${this.#new.render({ id: "new_password", label: "New password", atLeast })}
        <div class="actions"><button class="button" ?disabled=${this.#form.busy}>${hasPassword ? "Change password" : "Set password"}</button></div>
      </form>`);
  }
}
