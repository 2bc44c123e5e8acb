// A password's field: paste and password managers welcome, a button that shows what was typed, and for a new
// one the rule, which ticks itself off while one types. Length is the only rule that is known here; the
// server also refuses passwords that others guess first.
import { css, html, nothing, type LitElement, type ReactiveController, type TemplateResult } from "lit";
import type { Form } from "./form.ts";
import { icon } from "./icon.ts";

export interface PasswordText {
  readonly id: string;
  readonly label: string;
  /** How many characters a new password has at least; left out for one that exists already. */
  readonly atLeast?: number;
  readonly hint?: string;
}

export class PasswordField implements ReactiveController {
  readonly #host: LitElement;
  readonly #form: () => Form;
  #isShown = false;
  #length = 0;

  constructor(host: LitElement, form: () => Form) {
    this.#host = host;
    this.#form = form;
    host.addController(this);
  }

  hostConnected(): void {
    this.reset();
  }

  /** As when nothing has been typed yet. */
  reset(): void {
    [this.#isShown, this.#length] = [false, 0];
    this.#host.requestUpdate();
  }

  render(text: PasswordText, isFirst = false): TemplateResult {
    const isNew = text.atLeast !== undefined;
    const error = this.#form().error(text.id);
    const note = error ?? text.hint;
    return html`
      <div class="field ${error ? "wrong" : ""}">
        <label for=${text.id}>${text.label}</label>
        <div class="reveal">
          <input id=${text.id} name=${text.id} type=${this.#isShown ? "text" : "password"} autocomplete=${isNew ? "new-password" : "current-password"}
            autocapitalize="off" spellcheck="false" maxlength="256" required ?autofocus=${isFirst} ?data-again=${!isNew} @input=${this.#typed}>
          <button type="button" aria-pressed=${this.#isShown} aria-controls=${text.id} @click=${this.#toggle}>${this.#isShown ? "Hide" : "Show"}<span class="visually-hidden"> password</span></button>
        </div>
        ${note || isNew ? html`<p class="note" id="${text.id}-note">${note ?? this.#rule(text.atLeast ?? 0)}</p>` : nothing}
        ${isNew ? html`<p class="visually-hidden" role="status">${this.#length >= (text.atLeast ?? 0) ? "Long enough." : ""}</p>` : nothing}
      </div>
    `;
  }

  #rule(atLeast: number): TemplateResult {
    if (this.#length >= atLeast) return html`<span class="kept">${icon("check", 15)}${this.#length} characters: long enough.</span>`;
    const soFar = this.#length === 0 ? "" : ` ${this.#length} so far.`;
    return html`At least ${atLeast} characters; a few words make a good one.${soFar}`;
  }

  readonly #toggle = (): void => {
    this.#isShown = !this.#isShown;
    this.#host.requestUpdate();
  };

  readonly #typed = (event: Event): void => {
    this.#length = [...(event.target as HTMLInputElement).value].length;
    this.#form().edited(event);
    this.#host.requestUpdate();
  };
}

export const passwords = css`
  .reveal { position: relative; display: grid; }
  .field .reveal input { padding-right: 4.25rem; }
  .reveal button {
    position: absolute; inset: 0.3rem 0.3rem 0.3rem auto; padding: 0 0.75rem; border: 0; border-radius: var(--radius-s);
    background: transparent; color: var(--ink-2); font: 560 var(--text-s)/1 var(--font); cursor: pointer;
  }
  .reveal button:hover { background: color-mix(in srgb, var(--ink) 7%, transparent); color: var(--ink); }
  .note .kept { display: inline-flex; align-items: center; gap: 0.3rem; color: var(--accent); }
`;
