// Making an API key: what it is called, what it may do, when it ends.
import { LitElement, css, html, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { buttons } from "../elements/buttons.ts";
import "../elements/dialog.ts";
import { fields } from "../elements/field.ts";
import { Form, written } from "../elements/form.ts";
import { base } from "../styles/base.ts";
import { makeApiKey } from "./api.ts";
import { SCOPES } from "./scopes.ts";

const LIVES: readonly (readonly [number, string])[] = [[30, "30 days"], [90, "90 days"], [365, "A year"], [0, "Never"]];
const DAY_MS = 86_400_000;

@customElement("parley-new-key")
export class NewKey extends LitElement {
  static override styles = [base, buttons, fields, css`
    form { display: grid; gap: 1.1rem; }
    .scopes { display: grid; }
    @media (min-width: 30rem) { .scopes { grid-template-columns: 1fr 1fr; column-gap: 1rem; } }
  `];

  readonly #form: Form = new Form(this, async (data) => {
    const scopes = data.getAll("scopes").map(String);
    if (scopes.length === 0) return this.#form.fail("A key that may do nothing is of no use: choose something.");
    const days = Number(data.get("expires_at"));
    const expires_at = days === 0 ? null : new Date(Date.now() + days * DAY_MS).toISOString();
    const made = await makeApiKey({ name: written(data, "name"), scopes, expires_at });
    this.dispatchEvent(new CustomEvent("made", { detail: made }));
  });

  override render(): TemplateResult {
    return html`<parley-dialog heading="Make an API key" @closed=${() => this.dispatchEvent(new CustomEvent("closed"))}>
      <form novalidate @submit=${this.#form.submit}>
        ${this.#form.banner()}
        ${this.#form.field({ id: "name", label: "Name", hint: "The program that will use it." }, html`
          <input id="name" name="name" autocomplete="off" maxlength="60" required autofocus @input=${this.#form.edited}>`)}
        ${this.#form.field({ id: "expires_at", label: "Ends after" }, html`<select id="expires_at" name="expires_at">${LIVES.map(([days, label]) => html`
          <option value=${days} ?selected=${days === 90}>${label}</option>`)}</select>`)}
        <fieldset><legend>It may</legend><div class="scopes">${SCOPES.map(({ name, label, isUsual }) => html`
          <label class="choice"><input type="checkbox" name="scopes" value=${name} ?checked=${isUsual}><span>${label}</span></label>`)}</div></fieldset>
        <button class="button primary large wide" ?disabled=${this.#form.busy}>${this.#form.busy ? "One moment…" : "Make the key"}</button>
      </form>
    </parley-dialog>`;
  }
}
