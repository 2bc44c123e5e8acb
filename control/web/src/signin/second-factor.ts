// The second step for whoever has a second factor: a passkey, a code of an app, or a recovery code. It hands
// on a proof and does not know what that is for: signing in, or proving oneself again.
import { LitElement, css, html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { buttons } from "../elements/buttons.ts";
import { fields } from "../elements/field.ts";
import { focusFirst } from "../elements/focus.ts";
import { Form, written } from "../elements/form.ts";
import { icon } from "../elements/icon.ts";
import { canUsePasskeys, usePasskey } from "../passkey.ts";
import type { FactorMethod, Proof } from "../session.ts";
import { base } from "../styles/base.ts";
import { passkeyChallenge } from "./api.ts";

const OTHERWISE: Record<FactorMethod, string> = {
  passkey: "Use a passkey",
  totp: "Use an authenticator app",
  recovery_code: "Use a recovery code",
};

@customElement("parley-second-factor")
export class SecondFactorStep extends LitElement {
  @property({ attribute: false }) methods: readonly FactorMethod[] = [];
  /** Of a sign-in that waits; left out for somebody who is signed in. */
  @property({ attribute: false }) ticket: string | undefined;
  /** Takes the proof. Raises ApiError for what is to be shown. */
  @property({ attribute: false }) prove!: (proof: Proof) => Promise<void>;
  @state() private method: FactorMethod | null = null;

  static override styles = [base, buttons, fields, css`
    :host, form, .others { display: grid; gap: 1.1rem; }
    .others { gap: 0.25rem; justify-items: center; }
    .code { font-variant-numeric: tabular-nums; letter-spacing: 0.12em; }
    .hint { display: grid; justify-items: center; gap: 0.6rem; padding: 0.5rem 0; text-align: center; color: var(--ink-2); }
    .hint svg { color: var(--accent); }
  `];

  readonly #form = new Form(this, async (data) => {
    const method = this.#chosen;
    await this.prove(method === "passkey" ? await this.#passkey() : { method, code: written(data, "code") });
  });

  get #offered(): readonly FactorMethod[] {
    return this.methods.filter((method) => method !== "passkey" || canUsePasskeys());
  }

  get #chosen(): FactorMethod {
    return this.method ?? this.#offered[0] ?? "recovery_code";
  }

  override firstUpdated(): void {
    void focusFirst(this);
  }

  override render(): TemplateResult {
    const others = this.#offered.filter((method) => method !== this.#chosen);
    const { busy } = this.#form;
    return html`
      <form novalidate @submit=${this.#form.submit}>
        ${this.#form.banner()}
        ${this.#chosen === "passkey" ? html`<p class="hint">${icon("passkey", 40)}Your device asks for your finger, your face or its PIN.</p>` : this.#renderCode(this.#chosen === "totp")}
        <button class="button primary large wide" ?autofocus=${this.#chosen === "passkey"} ?disabled=${busy}>${busy ? "One moment…" : this.#chosen === "passkey" ? "Continue with a passkey" : "Continue"}</button>
      </form>
      ${others.length > 0 ? html`<div class="others">${others.map((method) => html`
        <button type="button" class="button quiet" @click=${() => this.#choose(method)}>${OTHERWISE[method]}</button>`)}</div>` : nothing}
    `;
  }

  #renderCode(isApp: boolean): TemplateResult {
    return isApp
      ? this.#form.field({ id: "code", label: "Code", hint: "Six digits from your authenticator app." }, html`
          <input id="code" name="code" class="code" inputmode="numeric" autocomplete="one-time-code" maxlength="9" required autofocus data-again @input=${this.#form.edited}>`)
      : this.#form.field({ id: "code", label: "Recovery code", hint: "One of the codes that you kept. Each works once." }, html`
          <input id="code" name="code" class="code" autocomplete="off" autocapitalize="off" spellcheck="false" maxlength="64" required autofocus data-again @input=${this.#form.edited}>`);
  }

  async #choose(method: FactorMethod): Promise<void> {
    this.method = method;
    this.#form.clear();
    await this.updateComplete;
    void focusFirst(this);
  }

  async #passkey(): Promise<Proof> {
    const { ticket, options } = await passkeyChallenge(this.ticket);
    return { method: "passkey", ticket, credential: await usePasskey(options) };
  }
}
