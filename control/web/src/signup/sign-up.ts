// Making an account, first step: an e-mail address, which a letter then proves.
import { LitElement, html, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Deployment } from "../api.ts";
import { buttons } from "../elements/buttons.ts";
import { fields } from "../elements/field.ts";
import { focusFirst, focusHeading } from "../elements/focus.ts";
import { Form, written } from "../elements/form.ts";
import "../elements/frame.ts";
import { beginSignUp, providers, type Provider } from "../signin/api.ts";
import { pitch } from "../signin/pitch.ts";
import { base } from "../styles/base.ts";
import { cards } from "../styles/cards.ts";
import { deadEnd, letterSent } from "./steps.ts";

@customElement("parley-sign-up")
export class SignUpPage extends LitElement {
  @property({ attribute: false }) deployment: Deployment | null = null;
  @state() private sentTo = "";
  @state() private providers: readonly Provider[] = [];

  readonly #form: Form = new Form(this, async (data) => {
    const email = written(data, "email");
    await beginSignUp(email);
    this.sentTo = email;
    await focusHeading(this);
  });

  static override styles = [base, buttons, fields, cards];

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#findProviders();
  }

  override firstUpdated(): void {
    void focusFirst(this);
  }

  override render(): TemplateResult {
    return html`<parley-frame><div class="welcome">
      ${pitch}
      <section class="card" aria-labelledby="title">${this.#renderStep()}</section>
    </div></parley-frame>`;
  }

  #renderStep(): TemplateResult {
    if (this.deployment?.sign_up === "closed") {
      const text = "Nobody can make an account by themselves here. Ask somebody who is in to invite you.";
      return deadEnd("Sign-up is closed", text, { path: "/sign-in", label: "Go to sign-in" });
    }
    if (this.sentTo) {
      const text = html`A letter is on its way to <strong>${this.sentTo}</strong>. The link in it goes on from here and is good for a day.`;
      return letterSent("Look into your mail", text, this.deployment, () => (this.sentTo = ""));
    }
    const { busy } = this.#form;
    return html`
      <header><h2 id="title">Make an account</h2><p class="muted">First your e-mail address: a letter with a link proves that it is yours.</p></header>
      <form class="stack" novalidate @submit=${this.#form.submit}>
        ${this.#form.banner()}
        ${this.#form.field({ id: "email", label: "E-mail" }, html`
          <input id="email" type="email" name="email" autocomplete="email" inputmode="email" maxlength="320" required autofocus @input=${this.#form.edited}>`)}
        <button class="button primary large wide" ?disabled=${busy}>${busy ? "One moment…" : "Continue"}</button>
        ${this.providers.length === 0 ? "" : html`<p class="or"><span>or</span></p>
          <div class="ways">${this.providers.map(({ name, label }) => html`<a class="button large wide" data-leaves href="/auth/${name}/start?next=/">Continue with ${label}</a>`)}</div>`}
      </form>
      <p class="foot">Been here before? <a href="/sign-in">Sign in</a></p>
    `;
  }

  async #findProviders(): Promise<void> {
    this.providers = await providers().catch(() => []);
  }
}
