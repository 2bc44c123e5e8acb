// Signing in: by password, by passkey, by an identity provider, or with one press into the demo account of a
// stack on this machine; and the second step for whoever has a second factor.
import { LitElement, html, nothing, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { Deployment } from "../api.ts";
import "../elements/banner.ts";
import { buttons } from "../elements/buttons.ts";
import { fields } from "../elements/field.ts";
import { focusFirst, focusHeading } from "../elements/focus.ts";
import { Form, exactly, written } from "../elements/form.ts";
import "../elements/frame.ts";
import { icon } from "../elements/icon.ts";
import { PasswordField, passwords } from "../elements/password.ts";
import { tellSession } from "../events.ts";
import { canOfferPasskeys, canUsePasskeys, usePasskey } from "../passkey.ts";
import { ApiError, describe } from "../problem.ts";
import { needsSecondFactor, signIn, signInByPasskey, signInBySecondFactor, type Proof, type SecondFactor, type Session } from "../session.ts";
import { readRoute } from "../routes.ts";
import { base } from "../styles/base.ts";
import { cards } from "../styles/cards.ts";
import { passkeyChallenge, providers, type Provider } from "./api.ts";
import { pitch } from "./pitch.ts";
import "./second-factor.ts";

@customElement("parley-signin")
export class SignIn extends LitElement {
  @property({ attribute: false }) deployment: Deployment | null = null;
  /** Where to go afterwards, for providers, which leave the page. */
  @property() next = "/";
  /** Why one has to sign in, or why coming in by a provider failed. */
  @property() notice = "";
  /** The second step of somebody who came back from a provider. */
  @property({ attribute: false }) secondFactor: SecondFactor | null = null;
  @state() private providers: readonly Provider[] = [];
  @state() private busy = false;
  @query("#email") private email!: HTMLInputElement;
  readonly #waiting = new AbortController();
  readonly #form: Form = new Form(this, (data) => this.#signIn(written(data, "email"), exactly(data, "password")));
  readonly #password = new PasswordField(this, () => this.#form);

  static override styles = [base, buttons, fields, passwords, cards];

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#findProviders();
    void this.#offerPasskeys();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#waiting.abort();
  }

  override firstUpdated(): void {
    void focusFirst(this);
  }

  override render(): TemplateResult {
    return html`<parley-frame><div class="welcome">
      ${pitch}
      <section class="card" aria-labelledby="title">${this.secondFactor ? this.#renderSecondStep(this.secondFactor) : this.#renderFirstStep()}</section>
    </div></parley-frame>`;
  }

  #renderFirstStep(): TemplateResult {
    const isBusy = this.busy || this.#form.busy;
    const isClosed = this.deployment?.sign_up === "closed";
    return html`
      <header><h2 id="title" tabindex="-1">Sign in</h2><p class="muted">to enter your team's meeting rooms.</p></header>
      <form class="stack" novalidate @submit=${this.#form.submit}>
        ${this.notice ? html`<parley-banner tone="caution">${this.notice}</parley-banner>` : nothing}
        ${this.#form.banner()}
        ${this.#form.field({ id: "email", label: "E-mail" }, html`
          <input id="email" type="email" name="email" autocomplete="username webauthn" inputmode="email" maxlength="320" required autofocus @input=${this.#form.edited}>`)}
        <div class="with-link">
          ${this.#password.render({ id: "password", label: "Password" })}
          <a class="small" href="/reset">Forgot it?</a>
        </div>
        <button class="button primary large wide" ?disabled=${isBusy}>${this.#form.busy ? "Signing in…" : "Sign in"}</button>
        ${this.#renderOtherWays(isBusy)}
      </form>
      ${isClosed ? nothing : html`<p class="foot">New here? <a href="/sign-up">Make an account</a></p>`}
    `;
  }

  #renderOtherWays(isBusy: boolean): TemplateResult | typeof nothing {
    const demo = this.deployment?.demo;
    if (!canUsePasskeys() && this.providers.length === 0 && !demo) return nothing;
    const next = encodeURIComponent(this.next);
    return html`
      <p class="or"><span>or</span></p>
      <div class="ways">
        ${this.providers.map(({ name, label }) => html`<a class="button large wide" data-leaves href="/auth/${name}/start?next=${next}">Continue with ${label}</a>`)}
        ${canUsePasskeys() ? html`<button type="button" class="button large wide" ?disabled=${isBusy} @click=${this.#usePasskey}>${icon("passkey")}Sign in with a passkey</button>` : nothing}
        ${demo ? html`
          <button type="button" class="button large wide" ?disabled=${isBusy} @click=${this.#useDemo}>Use the demo account ${icon("arrow", 18)}</button>
          <p class="small muted">The demo account is offered on this machine only.</p>` : nothing}
      </div>
    `;
  }

  #renderSecondStep(second: SecondFactor): TemplateResult {
    return html`
      <header><h2 id="title" tabindex="-1">One more step</h2><p class="muted">Your account is guarded by a second factor.</p></header>
      <parley-second-factor .methods=${second.methods} .ticket=${second.ticket} .prove=${this.#prove}></parley-second-factor>
      <p class="foot"><button type="button" class="plain" @click=${this.#startAgain}>Start again</button></p>
    `;
  }

  /** Of the invitation that one came from: signing in accepts it, also for somebody who is in no company yet. */
  get #invitation(): string | null {
    const route = readRoute(this.next);
    return route.kind === "invitation" && route.code !== "" ? route.code : null;
  }

  async #signIn(email: string, password: string): Promise<void> {
    const answer = await signIn(email, password, this.#invitation);
    if (needsSecondFactor(answer)) this.secondFactor = answer;
    else this.#enter(answer);
  }

  readonly #prove = async (proof: Proof): Promise<void> => {
    if (this.secondFactor !== null) this.#enter(await signInBySecondFactor(this.secondFactor.ticket, proof));
  };

  readonly #useDemo = (): Promise<void> => this.#try(async () => {
    const demo = this.deployment?.demo;
    if (demo) await this.#signIn(demo.email, demo.password);
  });

  readonly #usePasskey = (): Promise<void> => this.#try(async () => {
    this.#waiting.abort();
    const { ticket, options } = await passkeyChallenge();
    this.#enter(await signInByPasskey(ticket, await usePasskey(options), this.#invitation));
  });

  /** For what has no form of its own. */
  async #try(enter: () => Promise<void>): Promise<void> {
    this.busy = true;
    this.#form.clear();
    try {
      await enter();
    } catch (error) {
      this.#form.fail(describe(error));
    } finally {
      this.busy = false;
    }
  }

  /** Passkeys in the list under the e-mail field, where the browser has one; it waits until one is chosen. */
  async #offerPasskeys(): Promise<void> {
    try {
      if (!(await canOfferPasskeys()) || this.#waiting.signal.aborted) return;
      const { ticket, options } = await passkeyChallenge();
      const credential = await usePasskey(options, this.#waiting.signal);
      await this.#try(async () => this.#enter(await signInByPasskey(ticket, credential, this.#invitation)));
    } catch (error) {
      // Nobody asked for it: the button says what is wrong to whoever does.
      if (!(error instanceof ApiError)) throw error;
    }
  }

  async #findProviders(): Promise<void> {
    this.providers = await providers().catch(() => []);
  }

  readonly #startAgain = async (): Promise<void> => {
    this.secondFactor = null;
    await focusHeading(this);
    this.email.focus();
  };

  #enter(session: Session): void {
    this.#waiting.abort();
    // It was accepted just now: its page has nothing more to say.
    if (this.#invitation !== null) history.replaceState(null, "", location.pathname);
    tellSession(this, session);
  }
}
