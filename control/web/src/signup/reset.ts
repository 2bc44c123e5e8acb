// A lost password: ask for a letter, and choose a new one by the link in it.
import { LitElement, html, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Deployment } from "../api.ts";
import { buttons } from "../elements/buttons.ts";
import { fields } from "../elements/field.ts";
import { focusFirst, focusHeading } from "../elements/focus.ts";
import { Form, exactly, written } from "../elements/form.ts";
import "../elements/frame.ts";
import { PasswordField, passwords } from "../elements/password.ts";
import { ApiError } from "../problem.ts";
import { askForReset, completeReset } from "../signin/api.ts";
import { base } from "../styles/base.ts";
import { cards } from "../styles/cards.ts";
import { PASSWORD_CHARS } from "./rules.ts";
import { deadEnd, letterSent } from "./steps.ts";

@customElement("parley-reset")
export class Reset extends LitElement {
  @property({ attribute: false }) deployment: Deployment | null = null;
  /** Of the link in the letter; empty for who has none yet. */
  @property() code = "";
  @state() private sentTo = "";
  @state() private end: "none" | "done" | "expired" = "none";

  readonly #asking: Form = new Form(this, async (data) => {
    const email = written(data, "email");
    await askForReset(email);
    this.sentTo = email;
    await focusHeading(this);
  });

  readonly #choosing: Form = new Form(this, async (data) => {
    try {
      await completeReset(this.code, exactly(data, "password"));
      this.end = "done";
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 404) throw error;
      this.end = "expired";
    }
    await focusHeading(this);
  });

  readonly #password = new PasswordField(this, () => this.#choosing);

  static override styles = [base, buttons, fields, passwords, cards];

  override firstUpdated(): void {
    void focusFirst(this);
  }

  override render(): TemplateResult {
    return html`<parley-frame><section class="card" aria-labelledby="title">${this.#renderStep()}</section></parley-frame>`;
  }

  #renderStep(): TemplateResult {
    if (this.end === "done") {
      return deadEnd("Your password is changed", "You were signed out everywhere. Sign in with the new one.", { path: "/sign-in", label: "Sign in" });
    }
    if (this.end === "expired") {
      return deadEnd("This link leads nowhere", "It has expired, or was used already. Ask for a new one.", { path: "/reset", label: "Ask again" });
    }
    if (this.code) return this.#renderChoice();
    if (this.sentTo) {
      const text = html`If <strong>${this.sentTo}</strong> has an account here, a letter with a link is on its way to it.`;
      return letterSent("Look into your mail", text, this.deployment, () => (this.sentTo = ""));
    }
    return this.#renderQuestion();
  }

  #renderQuestion(): TemplateResult {
    const { busy } = this.#asking;
    return html`
      <header><h1 id="title">Choose a new password</h1><p class="muted">A letter to your address brings you a link.</p></header>
      <form class="stack" novalidate @submit=${this.#asking.submit}>
        ${this.#asking.banner()}
        ${this.#asking.field({ id: "email", label: "E-mail" }, html`
          <input id="email" type="email" name="email" autocomplete="username" inputmode="email" maxlength="320" required autofocus @input=${this.#asking.edited}>`)}
        <button class="button primary large wide" ?disabled=${busy}>${busy ? "One moment…" : "Send the letter"}</button>
      </form>
      <p class="foot">Remembered it? <a href="/sign-in">Sign in</a></p>
    `;
  }

  #renderChoice(): TemplateResult {
    const { busy } = this.#choosing;
    return html`
      <header><h1 id="title">Choose a new password</h1><p class="muted">Every session of yours ends with the old one.</p></header>
      <form class="stack" novalidate @submit=${this.#choosing.submit}>
        ${this.#choosing.banner()}
        ${this.#password.render({ id: "password", label: "New password", atLeast: PASSWORD_CHARS }, true)}
        <button class="button primary large wide" ?disabled=${busy}>${busy ? "One moment…" : "Change the password"}</button>
      </form>
    `;
  }
}
