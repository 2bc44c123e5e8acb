// Something that is shown once: to read, to copy, to keep as a file.
import { LitElement, css, html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { base } from "../styles/base.ts";
import { buttons } from "./buttons.ts";
import { copyText } from "./clipboard.ts";
import { icon } from "./icon.ts";
import { saveFile } from "./save.ts";

@customElement("parley-secret")
export class Secret extends LitElement {
  /** What it is, for who hears the page. */
  @property() label = "";
  @property({ attribute: false }) lines: readonly string[] = [];
  /** The file's name; without one there is nothing to download. */
  @property() file = "";
  @state() private copied: "no" | "yes" | "refused" = "no";

  static override styles = [base, buttons, css`
    :host { display: grid; gap: 0.75rem; }
    ol {
      display: grid; gap: 0.35rem 1.5rem; padding: 0.9rem 1rem; border: 1px solid var(--line-strong); border-radius: var(--radius-m); background: var(--raised);
      font: 500 0.875rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; user-select: all;
    }
    .actions { display: flex; flex-wrap: wrap; gap: 0.6rem; }
  `];

  override render(): TemplateResult {
    return html`
      <ol aria-label=${this.label}>${this.lines.map((line) => html`<li>${line}</li>`)}</ol>
      <div class="actions">
        <button type="button" class="button" @click=${this.#copy}>${icon(this.copied === "yes" ? "check" : "copy", 18)}${this.copied === "yes" ? "Copied" : "Copy"}</button>
        ${this.file ? html`<button type="button" class="button" @click=${this.#save}>${icon("download", 18)}Download</button>` : nothing}
      </div>
      <p class="small muted" role="status">${this.copied === "refused" ? "The browser did not allow copying. Select the text and copy it." : ""}</p>
    `;
  }

  readonly #copy = async (): Promise<void> => {
    this.copied = (await copyText(this.lines.join("\n"))) ? "yes" : "refused";
    if (this.copied === "yes") setTimeout(() => (this.copied = "no"), 2_000);
  };

  readonly #save = (): void => {
    saveFile(new Blob([this.lines.join("\n") + "\n"], { type: "text/plain" }), this.file);
  };
}
