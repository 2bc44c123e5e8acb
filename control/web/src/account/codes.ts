// Recovery codes, shown once.
import { LitElement, css, html, type TemplateResult } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import { buttons } from "../elements/buttons.ts";
import type { Dialog } from "../elements/dialog.ts";
import "../elements/dialog.ts";
import "../elements/secret.ts";
import { base } from "../styles/base.ts";

@customElement("parley-codes")
export class Codes extends LitElement {
  @property({ attribute: false }) codes: readonly string[] = [];
  @query("parley-dialog") private dialog!: Dialog;

  static override styles = [base, buttons, css`.all { display: grid; gap: 1.1rem; }`];

  override render(): TemplateResult {
    return html`<parley-dialog heading="Your recovery codes" @closed=${() => this.dispatchEvent(new CustomEvent("closed"))}>
      <div class="all">
        <p class="muted">Keep them where you keep what matters, away from this device. Each lets you in once when your second factor is lost. They are not shown again.</p>
        <parley-secret label="Recovery codes" file="parley-recovery-codes.txt" .lines=${this.codes}></parley-secret>
        <button class="button primary large wide" @click=${() => this.dialog.close()}>I have kept them</button>
      </div>
    </parley-dialog>`;
  }
}
