// A question before something that cannot be taken back. The dialog stays until the thing is done, so that a
// failure is said where it was asked for.
import { LitElement, css, html, nothing, type TemplateResult } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import { base } from "../styles/base.ts";
import { buttons } from "./buttons.ts";
import { type Dialog } from "./dialog.ts";
import "./dialog.ts";
import { fields } from "./field.ts";
import { Form, written } from "./form.ts";
import { PasswordField, passwords } from "./password.ts";

export interface Question {
  readonly heading: string;
  readonly text: string | TemplateResult;
  /** What the button says: the deed, as a verb. */
  readonly action: string;
  /** Left out for a deed that harms nothing. */
  readonly isDangerous?: boolean;
  /** What has to be typed first, for deeds that end a lot. */
  readonly typed?: { readonly label: string; readonly value: string };
  /** A password that the deed itself asks for. */
  readonly password?: { readonly label: string; readonly hint: string };
  /** Raises ApiError for what is to be shown. */
  readonly run: (data: FormData) => Promise<unknown>;
}

/** Asks; whether it was done. */
export function confirm(question: Question): Promise<boolean> {
  const element = document.createElement("parley-confirm");
  element.question = question;
  document.body.append(element);
  return new Promise((resolve) => {
    element.addEventListener("closed", () => {
      element.remove();
      resolve(element.isDone);
    });
  });
}

@customElement("parley-confirm")
export class Confirm extends LitElement {
  @property({ attribute: false }) question!: Question;
  @query("parley-dialog") private dialog!: Dialog;
  isDone = false;

  static override styles = [base, buttons, fields, passwords, css`
    form { display: grid; gap: 1.1rem; }
    .text { display: grid; gap: 0.9rem; color: var(--ink-2); }
    .actions { display: flex; flex-wrap: wrap; justify-content: flex-end; gap: 0.6rem; }
  `];

  readonly #password = new PasswordField(this, () => this.#form);
  readonly #form: Form = new Form(this, async (data) => {
    const { typed, run } = this.question;
    if (typed !== undefined && written(data, "typed").toLowerCase() !== typed.value.toLowerCase()) {
      this.#form.fail(`To go on, type “${typed.value}”.`);
      return;
    }
    await run(data);
    this.isDone = true;
    this.dialog.close();
  });

  override render(): TemplateResult {
    const { heading, text, action, isDangerous, typed, password } = this.question;
    return html`<parley-dialog .heading=${heading} @closed=${this.#closed}>
      <form novalidate @submit=${this.#form.submit}>
        ${this.#form.banner()}
        <div class="text">${typeof text === "string" ? html`<p>${text}</p>` : text}</div>
        ${typed ? this.#form.field({ id: "typed", label: typed.label }, html`
          <input id="typed" name="typed" autocomplete="off" autocapitalize="off" spellcheck="false" required autofocus @input=${this.#form.edited}>`) : nothing}
        ${password ? this.#password.render({ id: "password", ...password }, true) : nothing}
        <div class="actions">
          <button type="button" class="button" ?autofocus=${!typed && !password} @click=${() => this.dialog.close()}>Cancel</button>
          <button class="button ${isDangerous ? "danger" : "primary"}" ?disabled=${this.#form.busy}>${this.#form.busy ? "One moment…" : action}</button>
        </div>
      </form>
    </parley-dialog>`;
  }

  readonly #closed = (): void => {
    this.dispatchEvent(new CustomEvent("closed"));
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "parley-confirm": Confirm;
  }
}
