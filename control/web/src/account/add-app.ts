// Adding an authenticator app: a name, the secret as a QR code and as text, and a first code as its proof.
import { LitElement, css, html, svg, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { buttons } from "../elements/buttons.ts";
import "../elements/dialog.ts";
import { fields } from "../elements/field.ts";
import { focusFirst } from "../elements/focus.ts";
import { Form, written } from "../elements/form.ts";
import { base } from "../styles/base.ts";
import { addTotp, confirmTotp, type NewTotp, type Qr } from "./api.ts";

@customElement("parley-add-app")
export class AddApp extends LitElement {
  @state() private app: NewTotp | null = null;

  static override styles = [base, buttons, fields, css`
    form { display: grid; gap: 1.1rem; }
    .qr { width: min(13rem, 100%); margin: 0 auto; border-radius: var(--radius-m); background: #fff; }
    .qr path { fill: #0b110f; }
    .secret { padding: 0.6rem 0.8rem; border-radius: var(--radius-m); background: var(--sunken); text-align: center; overflow-wrap: anywhere; user-select: all; font: 500 0.95rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
    .code { font-variant-numeric: tabular-nums; letter-spacing: 0.12em; }
  `];

  readonly #naming: Form = new Form(this, async (data) => {
    this.app = await addTotp(written(data, "name"));
    await this.updateComplete;
    void focusFirst(this);
  });

  readonly #confirming: Form = new Form(this, async (data) => {
    if (this.app === null) return;
    const { recovery_codes } = await confirmTotp(this.app.id, written(data, "code"));
    this.dispatchEvent(new CustomEvent("added", { detail: recovery_codes }));
  });

  override render(): TemplateResult {
    return html`<parley-dialog heading="Add an authenticator app" @closed=${() => this.dispatchEvent(new CustomEvent("closed"))}>
      ${this.app === null ? this.#renderNaming() : this.#renderConfirming(this.app)}
    </parley-dialog>`;
  }

  #renderNaming(): TemplateResult {
    return html`<form novalidate @submit=${this.#naming.submit}>
      ${this.#naming.banner()}
      ${this.#naming.field({ id: "name", label: "Name", hint: "So that you know it again, such as the phone that it is on." }, html`
        <input id="name" name="name" autocomplete="off" maxlength="60" required autofocus .value=${"Authenticator app"} @input=${this.#naming.edited}>`)}
      <button class="button primary large wide" ?disabled=${this.#naming.busy}>Continue</button>
    </form>`;
  }

  #renderConfirming(app: NewTotp): TemplateResult {
    return html`<form novalidate @submit=${this.#confirming.submit}>
      ${this.#confirming.banner()}
      <p class="muted">Scan this with the app, or type the secret into it.</p>
      ${renderQr(app.qr)}
      <p class="secret" aria-label="Secret">${grouped(app.secret)}</p>
      ${this.#confirming.field({ id: "code", label: "Code", hint: "The six digits that the app shows now." }, html`
        <input id="code" name="code" class="code" inputmode="numeric" autocomplete="one-time-code" maxlength="9" required autofocus @input=${this.#confirming.edited}>`)}
      <button class="button primary large wide" ?disabled=${this.#confirming.busy}>${this.#confirming.busy ? "One moment…" : "Add the app"}</button>
    </form>`;
  }
}

function renderQr(qr: Qr): TemplateResult {
  return html`<svg class="qr" role="img" aria-label="QR code of the secret below" viewBox="0 0 ${qr.side} ${qr.side}" shape-rendering="crispEdges">${svg`<path d=${qr.path}/>`}</svg>`;
}

/** As people read letters aloud; apps ignore the blanks. */
function grouped(secret: string): string {
  return secret.match(/.{1,4}/g)?.join(" ") ?? secret;
}
