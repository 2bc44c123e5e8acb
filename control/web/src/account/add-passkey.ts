// Adding a passkey: a name for it, and the device's own ceremony.
import { LitElement, css, html, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { buttons } from "../elements/buttons.ts";
import "../elements/dialog.ts";
import { fields } from "../elements/field.ts";
import { Form, written } from "../elements/form.ts";
import { makePasskey } from "../passkey.ts";
import { base } from "../styles/base.ts";
import { device } from "../words.ts";
import { addPasskey, passkeyOptions } from "./api.ts";

@customElement("parley-add-passkey")
export class AddPasskey extends LitElement {
  static override styles = [base, buttons, fields, css`form { display: grid; gap: 1.1rem; }`];

  readonly #form: Form = new Form(this, async (data) => {
    const { ticket, options } = await passkeyOptions();
    const { recovery_codes } = await addPasskey(ticket, written(data, "name"), await makePasskey(options));
    this.dispatchEvent(new CustomEvent("added", { detail: recovery_codes }));
  });

  override render(): TemplateResult {
    return html`<parley-dialog heading="Add a passkey" @closed=${() => this.dispatchEvent(new CustomEvent("closed"))}>
      <form novalidate @submit=${this.#form.submit}>
        ${this.#form.banner()}
        <p class="muted">Your device, or your password manager, keeps it and asks for your finger, your face or a PIN. No other site can ask for it.</p>
        ${this.#form.field({ id: "name", label: "Name", hint: "So that you know it again." }, html`
          <input id="name" name="name" autocomplete="off" maxlength="60" required autofocus .value=${device(navigator.userAgent)} @input=${this.#form.edited}>`)}
        <button class="button primary large wide" ?disabled=${this.#form.busy}>${this.#form.busy ? "Your device asks you…" : "Make the passkey"}</button>
      </form>
    </parley-dialog>`;
  }
}
