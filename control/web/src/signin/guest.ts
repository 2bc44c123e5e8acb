// The entrance of somebody who was sent a link: a name is all it takes.
import { LitElement, html, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Invitation } from "../api.ts";
import { buttons } from "../elements/buttons.ts";
import { fields } from "../elements/field.ts";
import { focusFirst } from "../elements/focus.ts";
import { Form, written } from "../elements/form.ts";
import "../elements/frame.ts";
import { tellSession } from "../events.ts";
import { recall, remember } from "../memory.ts";
import { enterAsGuest } from "../session.ts";
import { base } from "../styles/base.ts";
import { cards } from "../styles/cards.ts";
import { pitch } from "./pitch.ts";

@customElement("parley-guest")
export class GuestEntrance extends LitElement {
  @property() code = "";
  @property({ attribute: false }) invitation: Invitation | null = null;
  /** Why the link leads nowhere. */
  @property() trouble = "";
  readonly #form = new Form(this, async (data) => {
    const name = written(data, "name");
    const session = await enterAsGuest(this.code, name);
    remember("name", name);
    tellSession(this, session);
  });

  static override styles = [base, buttons, fields, cards];

  override firstUpdated(): void {
    void focusFirst(this);
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
      <form class="stack" novalidate @submit=${this.#form.submit}>
        ${this.#form.banner()}
        ${this.#form.field({ id: "name", label: "Your name", hint: "Others see it, and the transcript keeps it." }, html`
          <input id="name" name="name" autocomplete="name" maxlength="60" required autofocus .value=${recall("name") ?? ""} @input=${this.#form.edited}>`)}
        <button class="button primary large wide" ?disabled=${this.#form.busy}>${this.#form.busy ? "One moment…" : "Continue"}</button>
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
}
