// Proving oneself again, before something delicate: by passkey, or by password and whatever second factor
// there is; by the identity provider for who has nothing else.
import "../kit.ts";
import { LitElement, css, html, nothing, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { account, factors, identities } from "../account/api.ts";
import { buttons } from "../elements/buttons.ts";
import type { Dialog } from "../elements/dialog.ts";
import "../elements/dialog.ts";
import { fields } from "../elements/field.ts";
import { Form, exactly } from "../elements/form.ts";
import { icon } from "../elements/icon.ts";
import { Loaded } from "../elements/loaded.ts";
import { PasswordField, passwords } from "../elements/password.ts";
import { canUsePasskeys, usePasskey } from "../passkey.ts";
import { proveAgain, type Proof, type Session } from "../session.ts";
import { base } from "../styles/base.ts";
import { cards } from "../styles/cards.ts";
import { passkeyChallenge, type Provider, providers } from "./api.ts";

interface Means {
  readonly hasPassword: boolean;
  readonly hasApp: boolean;
  readonly hasPasskey: boolean;
  /** By which one can come in anew. */
  readonly providers: readonly Provider[];
}

/** Asks; the new session, or null when it was given up. */
export function askForProof(): Promise<Session | null> {
  const element = document.createElement("parley-proof");
  document.body.append(element);
  return new Promise((resolve) => {
    element.addEventListener("closed", () => {
      element.remove();
      resolve(element.session);
    });
  });
}

@customElement("parley-proof")
export class ProofDialog extends LitElement {
  @state() private usesRecoveryCode = false;
  @query("parley-dialog") private dialog!: Dialog;
  session: Session | null = null;
  readonly #means = new Loaded(this, findMeans);
  readonly #form: Form = new Form(this, (data) => this.#proveByKnowledge(data));
  readonly #byPasskey: Form = new Form(this, () => this.#provePasskey());
  readonly #password = new PasswordField(this, () => this.#form);

  static override styles = [base, buttons, fields, passwords, cards, css`
    :host, .all, form { display: grid; gap: 1.1rem; }
  `];

  override render(): TemplateResult {
    return html`<parley-dialog heading="Is it you?" @closed=${() => this.dispatchEvent(new CustomEvent("closed"))}>
      <div class="all">
        <p class="muted">What you are about to do is delicate, and you signed in a while ago. Prove once more that it is you.</p>
        ${this.#means.render((means) => this.#renderMeans(means))}
      </div>
    </parley-dialog>`;
  }

  #renderMeans(means: Means): TemplateResult {
    const hasPasskey = means.hasPasskey && canUsePasskeys();
    const hasKnowledge = means.hasPassword || means.hasApp;
    return html`
      ${hasPasskey ? html`<form class="passkey" @submit=${this.#byPasskey.submit}>
        ${this.#byPasskey.banner()}
        <button class="button large wide ${hasKnowledge ? "" : "primary"}" ?disabled=${this.#byPasskey.busy}>${icon("passkey")}Use a passkey</button>
      </form>` : nothing}
      ${hasPasskey && hasKnowledge ? html`<p class="or"><span>or</span></p>` : nothing}
      ${hasKnowledge ? this.#renderForm(means) : nothing}
      ${hasPasskey || hasKnowledge ? nothing : this.#renderProviders(means)}
    `;
  }

  #renderForm(means: Means): TemplateResult {
    const hasFactor = means.hasApp || means.hasPasskey;
    const isRecovery = this.usesRecoveryCode || !means.hasApp;
    const { busy } = this.#form;
    return html`<form novalidate @submit=${this.#form.submit}>
      ${this.#form.banner()}
      ${means.hasPassword ? this.#password.render({ id: "password", label: "Your password" }, true) : nothing}
      ${hasFactor ? this.#form.field({ id: "code", label: isRecovery ? "Recovery code" : "Code", hint: isRecovery ? "One of the codes that you kept." : "Six digits from your authenticator app." }, html`
        <input id="code" name="code" inputmode=${isRecovery ? "text" : "numeric"} autocomplete="one-time-code" autocapitalize="off" spellcheck="false" maxlength="64" required ?autofocus=${!means.hasPassword} @input=${this.#form.edited}>`) : nothing}
      ${means.hasApp ? html`<p><button type="button" class="plain small" @click=${() => (this.usesRecoveryCode = !this.usesRecoveryCode)}>${isRecovery ? "Use the app instead" : "Use a recovery code instead"}</button></p>` : nothing}
      <button class="button primary large wide" ?disabled=${busy}>${busy ? "One moment…" : "It is me"}</button>
    </form>`;
  }

  #renderProviders(means: Means): TemplateResult {
    const next = encodeURIComponent(location.pathname + location.search);
    if (means.providers.length === 0) return html`<p>Sign out and in again, then repeat what you wanted to do.</p>`;
    return html`<div class="ways">
      <p>You come in by an identity provider. Go there once more; you come back to this page.</p>
      ${means.providers.map(({ name, label }) => html`<a class="button large wide" href="/auth/${name}/start?next=${next}">Continue with ${label}</a>`)}
    </div>`;
  }

  async #proveByKnowledge(data: FormData): Promise<void> {
    const password = data.has("password") ? { password: exactly(data, "password") } : {};
    const means = this.#means.value;
    const method = this.usesRecoveryCode || !means?.hasApp ? "recovery_code" : "totp";
    const proof = data.has("code") ? { proof: { method, code: exactly(data, "code").trim() } satisfies Proof } : {};
    this.#done(await proveAgain({ ...password, ...proof }));
  }

  async #provePasskey(): Promise<void> {
    const { ticket, options } = await passkeyChallenge();
    this.#done(await proveAgain({ proof: { method: "passkey", ticket, credential: await usePasskey(options) } }));
  }

  #done(session: Session): void {
    this.session = session;
    this.dialog.close();
  }
}

async function findMeans(): Promise<Means> {
  const [{ has_password: hasPassword }, { data }, connected, offered] = await Promise.all([account(), factors(), identities(), providers()]);
  const isConnected = (name: string) => connected.some((identity) => identity.provider === name);
  return {
    hasPassword,
    hasApp: data.some((factor) => factor.kind === "totp"),
    hasPasskey: data.some((factor) => factor.kind === "passkey"),
    providers: offered.filter(({ name }) => isConnected(name)),
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "parley-proof": ProofDialog;
  }
}
