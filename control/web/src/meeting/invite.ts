// A guest link, made when the dialog opens.
import { LitElement, css, html, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { createInvite, type InviteLink } from "../api.ts";
import "../elements/banner.ts";
import { buttons } from "../elements/buttons.ts";
import { copyText } from "../elements/clipboard.ts";
import "../elements/dialog.ts";
import { field, fields } from "../elements/field.ts";
import { icon } from "../elements/icon.ts";
import { ApiError } from "../problem.ts";
import { base } from "../styles/base.ts";

@customElement("parley-invite")
export class Invite extends LitElement {
  @property() room = "";
  @state() private link: InviteLink | null = null;
  @state() private trouble = "";
  @state() private copied = false;
  @query("#link") private input!: HTMLInputElement;

  static override styles = [
    base,
    buttons,
    fields,
    css`
      .stack { display: grid; gap: 1.1rem; }
      .row { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0.5rem; align-items: end; }
      .row .button { min-height: 2.75rem; min-width: 6.5rem; }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#create();
  }

  override render(): TemplateResult {
    return html`<parley-dialog heading="Invite someone" @closed=${() => this.dispatchEvent(new CustomEvent("closed"))}>
      <div class="stack">
        <p class="muted">Whoever has this link can join “${this.room}” with a name, without an account, and sees what is said from then on.</p>
        ${this.trouble
          ? html`<parley-banner tone="error">${this.trouble}<button slot="action" class="button" @click=${this.#create}>Try again</button></parley-banner>`
          : this.#renderLink()}
      </div>
    </parley-dialog>`;
  }

  #renderLink(): TemplateResult {
    const until = this.link === null ? "" : new Date(this.link.expires_at).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
    return html`<div class="row">
      ${field({ id: "link", label: "Guest link" }, html`
        <input id="link" readonly .value=${this.link?.url ?? "Making a link…"} @focus=${() => this.input.select()}>`)}
      <button class="button primary" ?disabled=${this.link === null} @click=${this.#copy}>${icon(this.copied ? "check" : "copy", 18)}${this.copied ? "Copied" : "Copy"}</button>
    </div>
    <p class="small muted" role="status">${this.link ? `Good until ${until}.` : " "}</p>`;
  }

  readonly #create = async (): Promise<void> => {
    this.trouble = "";
    try {
      this.link = await createInvite(this.room);
    } catch (error) {
      this.trouble = error instanceof ApiError ? error.message : "The link could not be made.";
    }
  };

  readonly #copy = async (): Promise<void> => {
    this.copied = await copyText(this.link?.url ?? "");
    if (this.copied) setTimeout(() => (this.copied = false), 2_000);
    else this.input.select();
  };
}
