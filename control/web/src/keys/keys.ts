// A company's keys: the ones that its programs come in by, and the ones that it has at model providers.
import "../kit.ts";
import { LitElement, html, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { focusFirst } from "../elements/focus.ts";
import { empty } from "../elements/part.ts";
import "../elements/shell.ts";
import { isAdmin, type Session } from "../session.ts";
import { base } from "../styles/base.ts";
import { parts } from "../styles/parts.ts";
import "./api-keys.ts";
import "./origins.ts";
import "./provider-keys.ts";

@customElement("parley-keys")
export class KeysPage extends LitElement {
  @property({ attribute: false }) session!: Session;

  static override styles = [base, parts];

  override firstUpdated(): void {
    void focusFirst(this);
  }

  override render(): TemplateResult {
    return html`<parley-shell .session=${this.session} place="keys">
      <div class="top"><h1 tabindex="-1" autofocus>Keys</h1><p class="muted">How programs of ${this.session.tenant.name} come in, and whose models they talk to.</p></div>
      ${isAdmin(this.session)
        ? html`<parley-api-keys></parley-api-keys><parley-provider-keys></parley-provider-keys><parley-origins></parley-origins>`
        : html`<div class="panel">${empty("Keys are for owners and admins", "Ask one of them for a key, or to make you an admin.")}</div>`}
    </parley-shell>`;
  }
}
