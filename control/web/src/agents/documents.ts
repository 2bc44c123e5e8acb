// What agents quote: documents by title. A text is replaced by another of the same title, and never given back.
import { LitElement, css, html, nothing, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { buttons } from "../elements/buttons.ts";
import { confirm } from "../elements/confirm.ts";
import "../elements/dialog.ts";
import { fields } from "../elements/field.ts";
import { focusHeading } from "../elements/focus.ts";
import { Form, written } from "../elements/form.ts";
import { icon } from "../elements/icon.ts";
import { empty, part } from "../elements/part.ts";
import { say } from "../elements/toast.ts";
import { tellChanged } from "../events.ts";
import { counted } from "../problem.ts";
import { base } from "../styles/base.ts";
import { parts } from "../styles/parts.ts";
import { ago } from "../words.ts";
import { putDocument, removeDocument, type Document } from "./api.ts";

const MAX_CHARS = 500_000;

@customElement("parley-documents")
export class Documents extends LitElement {
  @property({ attribute: false }) documents: readonly Document[] = [];
  @property({ type: Boolean }) administers = false;
  /** The title of the one that is written; null while none is. */
  @state() private edited: string | null = null;

  static override styles = [base, buttons, parts];

  override render(): TemplateResult {
    return part("documents", "Documents", "What agents look things up in and quote. Plain text or Markdown; headings become those of the passages.", html`
      <div class="panel">
        ${this.documents.length === 0
          ? empty("No documents yet", "Without any, an agent knows what it is told, and what its model knows.")
          : html`<ul class="rows">${this.documents.map((document) => this.#renderDocument(document))}</ul>`}
        ${this.administers ? html`<div class="actions"><button class="button" @click=${() => (this.edited = "")}>${icon("plus", 18)}Add a document</button></div>` : nothing}
      </div>
      ${this.edited === null ? nothing : html`<parley-put-document .titleBefore=${this.edited} @closed=${() => (this.edited = null)} @put=${this.#put}></parley-put-document>`}`);
  }

  #renderDocument(document: Document): TemplateResult {
    const whose = html`<span class="visually-hidden"> ${document.title}</span>`;
    return html`<li>
      <span class="lead">${icon("document")}</span>
      <div class="what"><span class="name">${document.title}</span><span class="meta">${counted(document.passages, "passage")} · changed ${ago(document.updated_at)}</span></div>
      ${this.administers ? html`<div class="do">
        <button class="button quiet small" @click=${() => (this.edited = document.title)}>Replace${whose}</button>
        <button class="button quiet small harm" @click=${() => this.#remove(document)}>Remove${whose}</button></div>` : nothing}
    </li>`;
  }

  readonly #put = (event: CustomEvent<string>): void => {
    this.edited = null;
    say(`“${event.detail}” can be quoted now.`);
    tellChanged(this);
  };

  async #remove(document: Document): Promise<void> {
    const done = await confirm({
      heading: `Remove “${document.title}”?`,
      text: "Agents do not find it any more. What they have quoted of it stays in the transcripts.",
      action: "Remove",
      isDangerous: true,
      run: () => removeDocument(document.id),
    });
    if (!done) return;
    say(`“${document.title}” is removed.`);
    tellChanged(this);
    await focusHeading(this);
  }
}

@customElement("parley-put-document")
export class PutDocument extends LitElement {
  /** Empty for a new one. */
  @property() titleBefore = "";
  @query("#text") private text!: HTMLTextAreaElement;

  static override styles = [base, buttons, fields, css`form { display: grid; gap: 1.1rem; } .field textarea { min-height: 10rem; }`];

  readonly #form: Form = new Form(this, async (data) => {
    const title = written(data, "title");
    await putDocument(title, written(data, "text"));
    this.dispatchEvent(new CustomEvent("put", { detail: title }));
  });

  override render(): TemplateResult {
    const isNew = this.titleBefore === "";
    return html`<parley-dialog heading=${isNew ? "Add a document" : `Replace “${this.titleBefore}”`} wide @closed=${() => this.dispatchEvent(new CustomEvent("closed"))}>
      <form novalidate @submit=${this.#form.submit}>
        ${this.#form.banner()}
        ${this.#form.field({ id: "title", label: "Title" }, html`
          <input id="title" name="title" autocomplete="off" maxlength="200" required ?readonly=${!isNew} ?autofocus=${isNew} .value=${this.titleBefore} @input=${this.#form.edited}>`)}
        ${this.#form.field({ id: "file", label: "From a file (optional)", hint: "Text or Markdown. It is put into the box below." }, html`
          <input id="file" type="file" accept=".txt,.md,.markdown,text/plain,text/markdown" @change=${this.#read}>`)}
        ${this.#form.field({ id: "text", label: "Text" }, html`
          <textarea id="text" name="text" rows="10" maxlength=${MAX_CHARS} required ?autofocus=${!isNew} @input=${this.#form.edited}></textarea>`)}
        <button class="button primary large wide" ?disabled=${this.#form.busy}>${this.#form.busy ? "One moment…" : isNew ? "Add the document" : "Replace the text"}</button>
      </form>
    </parley-dialog>`;
  }

  readonly #read = async (event: Event): Promise<void> => {
    const file = (event.target as HTMLInputElement).files?.[0];
    if (file === undefined) return;
    try {
      this.text.value = (await file.text()).slice(0, MAX_CHARS);
    } catch {
      this.#form.fail("This file could not be read.");
    }
  };
}
