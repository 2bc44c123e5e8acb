// The company and its people.
import "../kit.ts";
import { LitElement, html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Deployment } from "../api.ts";
import { focusFirst } from "../elements/focus.ts";
import "../elements/shell.ts";
import { isAdmin, type Session } from "../session.ts";
import { base } from "../styles/base.ts";
import { parts } from "../styles/parts.ts";
import "./company.ts";
import "./end.ts";
import "./invitations.ts";
import "./people.ts";

@customElement("parley-members")
export class MembersPage extends LitElement {
  @property({ attribute: false }) session!: Session;
  @property({ attribute: false }) deployment: Deployment | null = null;

  static override styles = [base, parts];

  override firstUpdated(): void {
    void focusFirst(this);
  }

  override render(): TemplateResult {
    const administers = isAdmin(this.session);
    return html`<parley-shell .session=${this.session} place="members">
      <div class="top"><h1 tabindex="-1" autofocus>Members</h1><p class="muted">Who belongs to ${this.session.tenant.name}${administers ? ", and how the company is kept" : ""}.</p></div>
      <parley-people .session=${this.session}></parley-people>
      ${administers ? html`
        <parley-invitations .session=${this.session} .deployment=${this.deployment}></parley-invitations>
        <parley-company .session=${this.session}></parley-company>` : nothing}
      ${this.session.role === "owner" ? html`<parley-end-company .session=${this.session}></parley-end-company>` : nothing}
    </parley-shell>`;
  }
}
