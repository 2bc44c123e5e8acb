// A new API key, shown once.
import { LitElement, css, html, type TemplateResult } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import { buttons } from "../elements/buttons.ts";
import type { Dialog } from "../elements/dialog.ts";
import "../elements/dialog.ts";
import "../elements/secret.ts";
import { base } from "../styles/base.ts";
import type { NewApiKey } from "./api.ts";

@customElement("parley-shown-key")
export class ShownKey extends LitElement {
  @property({ attribute: false }) made!: NewApiKey;
  @query("parley-dialog") private dialog!: Dialog;

  static override styles = [base, buttons, css`.all { display: grid; gap: 1.1rem; }`];

  override render(): TemplateResult {
    return html`<parley-dialog heading=${`“${this.made.name}” is ready`} @closed=${() => this.dispatchEvent(new CustomEvent("closed"))}>
      <div class="all">
        <p class="muted">Copy it now and keep it where your program finds it. It is not shown again; whoever has it can do what it may do.</p>
        <parley-secret label="API key" .lines=${[this.made.key]}></parley-secret>
        <button class="button primary large wide" @click=${() => this.dialog.close()}>I have kept it</button>
      </div>
    </parley-dialog>`;
  }
}
