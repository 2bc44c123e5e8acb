// The entrance of somebody who was sent a link: a name is all it takes.
import { LitElement, html, nothing, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { ApiError, enterAsGuest, type Invitation, type Session } from "../api.ts";
import "../elements/banner.ts";
import { buttons } from "../elements/buttons.ts";
import { field, fields } from "../elements/field.ts";
import { focusFirst } from "../elements/focus.ts";
import "../elements/frame.ts";
import { recall, remember } from "../memory.ts";
import { base } from "../styles/base.ts";
import { cards } from "../styles/cards.ts";
import { pitch } from "./pitch.ts";
import { waitFor } from "./signin.ts";

@customElement("parley-guest")
export class GuestEntrance extends LitElement {
  @property() code = "";
  @property({ attribute: false }) invitation: Invitation | null = null;
  /** Why the link leads nowhere. */
  @property() trouble = "";
  @state() private busy = false;
  @state() private failure = "";
  @query("#name") private nameInput!: HTMLInputElement;

  static override styles = [base, buttons, fields, cards];

  override firstUpdated(): void {
    focusFirst(this);
  }

  override render(): TemplateResult {
    return html`<parley-frame><div class="welcome">
      ${pitch}
      <section class="card" aria-labelledby="title">${this.invitation ? this.#renderForm(this.invitation) : this.#renderDeadEnd()}</section>
    </div></parley-frame>`;
  }

  #renderForm(invitation: Invitation): TemplateResult {
    return html`
      <header>
        <h2 id="title">You are invited to “${invitation.room_name}”</h2>
        <p class="muted">by ${invitation.tenant_name}. No account is needed.</p>
      </header>
      <form class="stack" @submit=${this.#submit}>
        ${this.failure ? html`<parley-banner tone="error">${this.failure}</parley-banner>` : nothing}
        ${field({ id: "name", label: "Your name", hint: "Others see it, and the transcript keeps it." }, html`
          <input id="name" name="name" autocomplete="name" maxlength="60" required autofocus .value=${recall("name") ?? ""} aria-describedby="name-note">`)}
        <button class="button primary large wide" ?disabled=${this.busy}>${this.busy ? "One moment…" : "Continue"}</button>
      </form>
    `;
  }

  #renderDeadEnd(): TemplateResult {
    return html`
      <header><h2 id="title">This invitation cannot be used</h2></header>
      <div class="stack">
        <p>${this.trouble || "It may have expired."} Ask for a new link, or sign in.</p>
        <a class="button large wide" href="/">Go to sign-in</a>
      </div>
    `;
  }

  readonly #submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void this.#enter(this.nameInput.value.trim());
  };

  async #enter(name: string): Promise<void> {
    if (name === "") return;
    this.busy = true;
    this.failure = "";
    try {
      const session = await enterAsGuest(this.code, name);
      remember("name", name);
      this.dispatchEvent(new CustomEvent<Session>("signed-in", { detail: session }));
    } catch (error) {
      this.failure = error instanceof ApiError && error.status === 429
        ? `Too many tries. ${waitFor(error.retryAfterS)}`
        : error instanceof ApiError ? error.message : "Something unexpected happened. Please try again.";
    } finally {
      this.busy = false;
    }
  }
}
