// Name and e-mail address. A new address counts once a letter to it was answered.
import { LitElement, html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Deployment } from "../api.ts";
import "../elements/banner.ts";
import { buttons } from "../elements/buttons.ts";
import { fields } from "../elements/field.ts";
import { Form, written } from "../elements/form.ts";
import { part } from "../elements/part.ts";
import { say } from "../elements/toast.ts";
import { tellChanged, tellSession } from "../events.ts";
import type { Session } from "../session.ts";
import { base } from "../styles/base.ts";
import { line } from "../styles/line.ts";
import { parts } from "../styles/parts.ts";
import { changeEmail, rename, type Account } from "./api.ts";

@customElement("parley-profile")
export class Profile extends LitElement {
  @property({ attribute: false }) account!: Account;
  @property({ attribute: false }) session!: Session;
  @property({ attribute: false }) deployment: Deployment | null = null;
  @state() private awaited = "";

  static override styles = [base, buttons, fields, parts];

  override render(): TemplateResult {
    return part("who", "You", "Others see your name in meetings and among the members. You sign in with your e-mail address.", html`
      <div class="panel">
        <parley-rename .account=${this.account} .session=${this.session}></parley-rename>
        <parley-change-email .account=${this.account} @sent=${(event: CustomEvent<string>) => (this.awaited = event.detail)}></parley-change-email>
        ${this.awaited ? html`<parley-banner>A letter is on its way to ${this.awaited}. Until its link is followed, your address stays as it is.
          ${this.deployment?.mail_dir ? html` On this machine letters are files in <code>${this.deployment.mail_dir}</code>` : nothing}</parley-banner>` : nothing}
      </div>`);
  }
}

@customElement("parley-rename")
export class Rename extends LitElement {
  @property({ attribute: false }) account!: Account;
  @property({ attribute: false }) session!: Session;

  static override styles = [base, buttons, fields, parts, line];

  readonly #form: Form = new Form(this, async (data) => {
    const name = written(data, "name");
    await rename(name);
    say("Your name is changed.");
    tellSession(this, { ...this.session, name });
    tellChanged(this);
  });

  override render(): TemplateResult {
    return html`<form class="stack" novalidate @submit=${this.#form.submit}>
      ${this.#form.banner()}
      <div class="line">
        ${this.#form.field({ id: "name", label: "Name" }, html`<input id="name" name="name" autocomplete="name" maxlength="60" required .value=${this.account.user.name} @input=${this.#form.edited}>`)}
        <button class="button" ?disabled=${this.#form.busy}>Save<span class="visually-hidden"> name</span></button>
      </div>
    </form>`;
  }
}

@customElement("parley-change-email")
export class ChangeEmail extends LitElement {
  @property({ attribute: false }) account!: Account;

  static override styles = [base, buttons, fields, parts, line];

  readonly #form: Form = new Form(this, async (data) => {
    const email = written(data, "email");
    if (email.toLowerCase() === this.account.user.email) return say("This is your address already.");
    await changeEmail(email);
    this.dispatchEvent(new CustomEvent("sent", { detail: email }));
  });

  override render(): TemplateResult {
    return html`<form class="stack" novalidate @submit=${this.#form.submit}>
      ${this.#form.banner()}
      <div class="line">
        ${this.#form.field({ id: "email", label: "E-mail" }, html`<input id="email" name="email" type="email" inputmode="email" autocomplete="email" maxlength="320" required .value=${this.account.user.email} @input=${this.#form.edited}>`)}
        <button class="button" ?disabled=${this.#form.busy}>Change<span class="visually-hidden"> e-mail</span></button>
      </div>
    </form>`;
  }
}
