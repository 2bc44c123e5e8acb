// A new address proves itself. One presses a button, because programs that look through mail follow links.
import { LitElement, html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { buttons } from "../elements/buttons.ts";
import { focusFirst, focusHeading } from "../elements/focus.ts";
import { Form } from "../elements/form.ts";
import "../elements/frame.ts";
import { ApiError } from "../problem.ts";
import { confirmEmail } from "../signin/api.ts";
import { base } from "../styles/base.ts";
import { cards } from "../styles/cards.ts";
import { deadEnd } from "./steps.ts";

@customElement("parley-confirm-email")
export class ConfirmEmail extends LitElement {
  @property() code = "";
  @state() private end: "none" | "done" | "expired" = "none";

  readonly #form: Form = new Form(this, async () => {
    try {
      await confirmEmail(this.code);
      this.end = "done";
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 404) throw error;
      this.end = "expired";
    }
    await focusHeading(this);
  });

  static override styles = [base, buttons, cards];

  override firstUpdated(): void {
    void focusFirst(this);
  }

  override render(): TemplateResult {
    return html`<parley-frame><section class="card" aria-labelledby="title">${this.#renderStep()}</section></parley-frame>`;
  }

  #renderStep(): TemplateResult {
    const { busy } = this.#form;
    switch (this.end) {
      case "done":
        return deadEnd("Your address is changed", "From now on you sign in with it.", { path: "/account", label: "To your account" });
      case "expired":
        return deadEnd("This link leads nowhere", "It has expired, or was used already. Change your address in your account once more.", { path: "/account", label: "To your account" });
      case "none":
        return html`
          <header><h1 id="title">Is this your new address?</h1><p class="muted">Press the button and your account uses it from now on.</p></header>
          <form class="stack" @submit=${this.#form.submit}>
            ${this.#form.failure ? this.#form.banner() : nothing}
            <button class="button primary large wide" autofocus ?disabled=${busy}>${busy ? "One moment…" : "Use this address"}</button>
          </form>`;
    }
  }
}
