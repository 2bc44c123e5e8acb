// The company's name, and how long it keeps what was said.
import { LitElement, html, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { buttons } from "../elements/buttons.ts";
import { confirm } from "../elements/confirm.ts";
import { fields } from "../elements/field.ts";
import { Form, written } from "../elements/form.ts";
import { Loaded } from "../elements/loaded.ts";
import { part } from "../elements/part.ts";
import { say } from "../elements/toast.ts";
import { tellSession } from "../events.ts";
import { counted } from "../problem.ts";
import type { Session } from "../session.ts";
import { base } from "../styles/base.ts";
import { parts } from "../styles/parts.ts";
import { changeCompany, company, type Company } from "./api.ts";

@customElement("parley-company")
export class CompanyPart extends LitElement {
  @property({ attribute: false }) session!: Session;
  readonly #company = new Loaded(this, company);

  readonly #form: Form = new Form(this, async (data) => {
    const name = written(data, "name");
    const days = written(data, "retention_days");
    const change = { name, retention_days: days === "" ? null : Number(days) };
    if (!(await this.#isMeant(change.retention_days))) return;
    await changeCompany(change);
    say("The company is changed.");
    await this.#company.reload();
    tellSession(this, { ...this.session, tenant: { ...this.session.tenant, name } });
  });

  static override styles = [base, buttons, fields, parts];

  override render(): TemplateResult {
    return part("company", "Company", "Its name stands in invitations. Conversations that have ended are deleted after as many days as you say.", html`
      <div class="panel">${this.#company.render((now) => this.#renderForm(now))}</div>`);
  }

  #renderForm(now: Company): TemplateResult {
    return html`<form class="stack" novalidate @submit=${this.#form.submit}>
      ${this.#form.banner()}
      <div class="pair">
        ${this.#form.field({ id: "name", label: "Name of the company" }, html`
          <input id="name" name="name" autocomplete="organization" maxlength="200" required .value=${now.name} @input=${this.#form.edited}>`)}
        ${this.#form.field({ id: "retention_days", label: "Days to keep conversations", hint: "1 to 3650; empty keeps them." }, html`
          <input id="retention_days" name="retention_days" type="number" inputmode="numeric" min="1" max="3650" step="1" .value=${String(now.retention_days ?? "")} @input=${this.#form.edited}>`)}
      </div>
      <div class="actions"><button class="button" ?disabled=${this.#form.busy}>Save<span class="visually-hidden"> company</span></button></div>
    </form>`;
  }

  /** A shorter time deletes what is older. */
  async #isMeant(days: number | null): Promise<boolean> {
    const before = this.#company.value?.retention_days ?? Infinity;
    if (days === null || days >= before) return true;
    return confirm({
      heading: `Keep conversations for ${counted(days, "day")}?`,
      text: "What is older is deleted for good within the day.",
      action: "Delete what is older",
      isDangerous: true,
      run: async () => undefined,
    });
  }
}
