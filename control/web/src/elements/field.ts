// A labelled form control. A template rather than an element: a label cannot name an input that lives in
// another shadow root.
import { css, html, nothing, type TemplateResult } from "lit";

export interface FieldText {
  readonly id: string;
  readonly label: string;
  readonly hint?: string | undefined;
  readonly error?: string | undefined;
}

/** `control` must carry `id="<id>"`, and `aria-describedby="<id>-note"` when there is a hint or an error. */
export function field(text: FieldText, control: TemplateResult): TemplateResult {
  const note = text.error ?? text.hint;
  return html`
    <div class="field ${text.error ? "wrong" : ""}">
      <label for=${text.id}>${text.label}</label>
      ${control}
      ${note ? html`<p class="note" id="${text.id}-note">${note}</p>` : nothing}
    </div>
  `;
}

export const fields = css`
  .field { display: grid; gap: 0.375rem; min-width: 0; }
  .field label { font-size: var(--text-s); font-weight: 560; color: var(--ink-2); }
  .field input, .field select, .field textarea {
    width: 100%; min-width: 0; height: 2.75rem; padding: 0 0.8rem; border: 1px solid var(--line-strong);
    border-radius: var(--radius-m); background: var(--raised); color: var(--ink); font: 400 1rem/1.2 var(--font);
    transition: border-color 120ms;
  }
  .field select { text-overflow: ellipsis; }
  .field textarea { height: auto; min-height: 6rem; padding: 0.65rem 0.8rem; line-height: 1.5; resize: vertical; field-sizing: content; max-height: 24rem; }
  .field input:hover, .field select:hover, .field textarea:hover { border-color: var(--ink-3); }
  .field :is(input, select, textarea):focus-visible { outline: var(--focus); outline-offset: 0; border-color: var(--accent); }
  .field input[readonly] { background: transparent; border-color: var(--line); color: var(--ink-2); }
  .field input[type="file"] { height: auto; padding: 0.55rem 0.6rem; font-size: var(--text-m); }
  .field input::file-selector-button { margin-right: 0.8rem; padding: 0.35rem 0.75rem; border: 1px solid var(--line); border-radius: var(--radius-s); background: var(--surface); color: var(--ink); font: 560 var(--text-s)/1.2 var(--font); cursor: pointer; }
  .field input::placeholder { color: var(--ink-3); }
  .choice { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 0.15rem 0.7rem; align-items: start; padding: 0.5rem 0; cursor: pointer; }
  .choice input { width: 1.05rem; height: 1.05rem; margin: 0.2rem 0 0; accent-color: var(--accent); }
  .choice .small { grid-column: 2; color: var(--ink-3); }
  fieldset { margin: 0; padding: 0; border: 0; min-width: 0; }
  legend { padding: 0; margin-bottom: 0.25rem; font-size: var(--text-s); font-weight: 560; color: var(--ink-2); }
  .field .note { font-size: var(--text-s); color: var(--ink-3); }
  .field.wrong :is(input, select, textarea) { border-color: var(--danger); }
  .field.wrong .note { color: var(--danger); }
`;
