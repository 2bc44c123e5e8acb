// The full transcript in a dialog: to read, to copy, to keep as a text file.
import { LitElement, css, html, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { buttons } from "../elements/buttons.ts";
import { copyText } from "../elements/clipboard.ts";
import "../elements/dialog.ts";
import { icon } from "../elements/icon.ts";
import { saveFile } from "../elements/save.ts";
import { Observer } from "../observable.ts";
import { base } from "../styles/base.ts";
import { avatarStyles } from "./avatar.ts";
import { entryStyles, renderEntry } from "./entries.ts";
import type { Thread } from "./thread.ts";
import type { Entry } from "./timeline.ts";

@customElement("parley-transcript")
export class Transcript extends LitElement {
  @property({ attribute: false }) thread!: Thread;
  @property() room = "";
  @state() private copied = false;

  static override styles = [
    base,
    buttons,
    avatarStyles,
    entryStyles,
    css`
      .tools { display: flex; flex-wrap: wrap; align-items: center; gap: 0.5rem; }
      .tools p { flex: 1; font-size: var(--text-s); color: var(--ink-2); }
      .none { padding: 2rem 0 1rem; text-align: center; color: var(--ink-2); }
    `,
  ];

  constructor() {
    super();
    new Observer(this, () => this.thread);
  }

  override render(): TemplateResult {
    const { entries } = this.thread;
    return html`<parley-dialog heading="Transcript" wide @closed=${() => this.dispatchEvent(new CustomEvent("closed"))}>
      <div class="tools">
        <p>${this.room} · ${entries.length} ${entries.length === 1 ? "turn" : "turns"}</p>
        <button class="button" ?disabled=${entries.length === 0} @click=${this.#copy}>${icon(this.copied ? "check" : "copy", 18)}${this.copied ? "Copied" : "Copy"}</button>
        <button class="button" ?disabled=${entries.length === 0} @click=${this.#save}>${icon("download", 18)}Save as text</button>
      </div>
      ${entries.length === 0 ? html`<p class="none">Nothing was said yet.</p>` : html`<ol>
        ${repeat(entries, (entry) => entry.id, (entry, index) => renderEntry(entry, entries[index - 1]))}
      </ol>`}
    </parley-dialog>`;
  }

  readonly #copy = async (): Promise<void> => {
    this.copied = await copyText(asText(this.thread.entries));
    setTimeout(() => (this.copied = false), 2_000);
  };

  readonly #save = (): void => {
    saveFile(new Blob([asText(this.thread.entries)], { type: "text/plain" }), `${this.room}-transcript.txt`);
  };
}

function asText(entries: readonly Entry[]): string {
  return entries.map((entry) => `[${entry.at.toLocaleString()}] ${entry.name}: ${entry.text}\n`).join("");
}
