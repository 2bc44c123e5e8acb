// Signing in by e-mail and password, or with one press into the demo account of a stack on this machine.
import { LitElement, html, nothing, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { ApiError, signIn, type Deployment, type Session } from "../api.ts";
import "../elements/banner.ts";
import { buttons } from "../elements/buttons.ts";
import { field, fields } from "../elements/field.ts";
import { focusFirst } from "../elements/focus.ts";
import "../elements/frame.ts";
import { icon } from "../elements/icon.ts";
import { base } from "../styles/base.ts";
import { cards } from "../styles/cards.ts";
import { pitch } from "./pitch.ts";

@customElement("parley-signin")
export class SignIn extends LitElement {
  @property({ attribute: false }) demo: Deployment["demo"] = null;
  @state() private busy = false;
  @state() private trouble = "";
  @query("#email") private email!: HTMLInputElement;
  @query("#password") private password!: HTMLInputElement;

  static override styles = [base, buttons, fields, cards];

  override firstUpdated(): void {
    focusFirst(this);
  }

  override render(): TemplateResult {
    return html`<parley-frame><div class="welcome">
      ${pitch}
      <section class="card" aria-labelledby="title">
        <header><h2 id="title">Sign in</h2><p class="muted">to enter your team's meeting rooms.</p></header>
        <form class="stack" @submit=${this.#submit}>
          ${this.trouble ? html`<parley-banner tone="error">${this.trouble}</parley-banner>` : nothing}
          ${field({ id: "email", label: "E-mail" }, html`
            <input id="email" type="email" name="email" autocomplete="username" inputmode="email" required autofocus>`)}
          ${field({ id: "password", label: "Password" }, html`
            <input id="password" type="password" name="password" autocomplete="current-password" required>`)}
          <button class="button primary large wide" ?disabled=${this.busy}>${this.busy ? "Signing in…" : "Sign in"}</button>
          ${this.demo ? this.#renderDemo() : nothing}
        </form>
      </section>
    </div></parley-frame>`;
  }

  #renderDemo(): TemplateResult {
    return html`
      <button type="button" class="button large wide" ?disabled=${this.busy} @click=${this.#useDemo}>
        Use the demo account ${icon("arrow", 18)}
      </button>
      <p class="small muted">The demo account is offered on this machine only.</p>
    `;
  }

  readonly #submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void this.#signIn(this.email.value, this.password.value);
  };

  readonly #useDemo = (): void => {
    if (this.demo !== null) void this.#signIn(this.demo.email, this.demo.password);
  };

  async #signIn(email: string, password: string): Promise<void> {
    this.busy = true;
    this.trouble = "";
    try {
      const session = await signIn(email.trim(), password);
      this.dispatchEvent(new CustomEvent<Session>("signed-in", { detail: session }));
    } catch (error) {
      this.trouble = describe(error);
      this.password.select();
    } finally {
      this.busy = false;
    }
  }
}

function describe(error: unknown): string {
  if (!(error instanceof ApiError)) return "Something unexpected happened. Please try again.";
  if (error.status === 401) return "This e-mail and password do not belong together.";
  if (error.status === 429) return `Too many tries. ${waitFor(error.retryAfterS)}`;
  if (error.status === 0) return "The server does not answer. Check that it is running, then sign in again.";
  return error.message;
}

export function waitFor(seconds: number | null): string {
  if (seconds === null) return "Please wait a moment, then try again.";
  const whole = Math.ceil(seconds);
  return `Please wait ${whole} ${whole === 1 ? "second" : "seconds"}, then try again.`;
}
