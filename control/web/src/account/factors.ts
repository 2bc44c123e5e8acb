// Second factors: which there are, more of them, fewer of them, and the codes for the day that they are lost.
import { LitElement, html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { buttons } from "../elements/buttons.ts";
import { confirm } from "../elements/confirm.ts";
import { focusHeading } from "../elements/focus.ts";
import { exactly } from "../elements/form.ts";
import { icon } from "../elements/icon.ts";
import { empty, part } from "../elements/part.ts";
import { say } from "../elements/toast.ts";
import { tellChanged } from "../events.ts";
import { canUsePasskeys } from "../passkey.ts";
import { counted } from "../problem.ts";
import { base } from "../styles/base.ts";
import { parts } from "../styles/parts.ts";
import { ago, day } from "../words.ts";
import "./add-app.ts";
import "./add-passkey.ts";
import { newRecoveryCodes, removeFactor, type Factor, type Factors } from "./api.ts";
import "./codes.ts";

type Open = { readonly kind: "none" | "app" | "passkey" } | { readonly kind: "codes"; readonly codes: readonly string[] };

@customElement("parley-factors")
export class FactorsPart extends LitElement {
  @property({ attribute: false }) factors!: Factors;
  @property({ type: Boolean }) hasPassword = false;
  @state() private open: Open = { kind: "none" };

  static override styles = [base, buttons, parts];

  override render(): TemplateResult {
    const { data } = this.factors;
    return part("factors", "Second factors", "Whoever learns your password cannot come in without one of these. A passkey signs you in by itself.", html`
      <div class="panel">
        ${data.length === 0
          ? empty("No second factor yet", "Add a passkey, or an app that shows codes.")
          : html`<ul class="rows">${data.map((factor) => this.#renderFactor(factor))}</ul>`}
        <div class="actions">
          ${canUsePasskeys() ? html`<button class="button" @click=${() => (this.open = { kind: "passkey" })}>${icon("plus", 18)}Add a passkey</button>` : nothing}
          <button class="button" @click=${() => (this.open = { kind: "app" })}>${icon("plus", 18)}Add an authenticator app</button>
        </div>
        ${data.length > 0 ? this.#renderCodes() : nothing}
      </div>
      ${this.#renderDialog()}`);
  }

  #renderFactor(factor: Factor): TemplateResult {
    const used = factor.last_used_at === null ? "Not used yet" : `Last used ${ago(factor.last_used_at)}`;
    return html`<li>
      <span class="lead">${icon(factor.kind === "passkey" ? "passkey" : "phone")}</span>
      <div class="what"><span class="name">${factor.name}</span>
        <span class="meta">${factor.kind === "passkey" ? "Passkey" : "Authenticator app"} · added ${day(factor.created_at)} · ${used}</span></div>
      <div class="do"><button class="button quiet small harm" @click=${() => this.#remove(factor)}>Remove<span class="visually-hidden"> ${factor.name}</span></button></div>
    </li>`;
  }

  #renderCodes(): TemplateResult {
    const left = this.factors.recovery_codes_left;
    return html`<ul class="rows below"><li>
      <span class="lead">${icon("key")}</span>
      <div class="what"><span class="name">Recovery codes ${left === 0 ? html`<span class="tag off">none left</span>` : nothing}</span>
        <span class="meta">${counted(left, "code")} left. Each lets you in once in place of a factor.</span></div>
      <div class="do"><button class="button quiet small" @click=${this.#renewCodes}>Make new ones</button></div>
    </li></ul>`;
  }

  #renderDialog(): TemplateResult | typeof nothing {
    switch (this.open.kind) {
      case "app":
        return html`<parley-add-app @closed=${this.#close} @added=${this.#added}></parley-add-app>`;
      case "passkey":
        return html`<parley-add-passkey @closed=${this.#close} @added=${this.#added}></parley-add-passkey>`;
      case "codes":
        return html`<parley-codes .codes=${this.open.codes} @closed=${this.#close}></parley-codes>`;
      case "none":
        return nothing;
    }
  }

  readonly #close = (): void => {
    this.open = { kind: "none" };
  };

  /** The first factor brings codes, which are shown this once. */
  readonly #added = (event: CustomEvent<readonly string[] | null>): void => {
    this.open = event.detail === null ? { kind: "none" } : { kind: "codes", codes: event.detail };
    say("The second factor is added.");
    tellChanged(this);
  };

  async #remove(factor: Factor): Promise<void> {
    const isLast = this.factors.data.length === 1;
    const guarded = isLast && this.hasPassword;
    const done = await confirm({
      heading: `Remove “${factor.name}”?`,
      text: isLast
        ? "It is your last second factor: from then on your password alone lets you in, and your recovery codes are gone. Your other sessions end."
        : "You cannot prove yourself by it any more. Your other sessions end.",
      action: "Remove",
      isDangerous: true,
      ...(guarded ? { password: { label: "Your password", hint: "It will stand alone, so it has to be long enough for that." } } : {}),
      run: (data) => removeFactor(factor.id, guarded ? exactly(data, "password") : null),
    });
    if (!done) return;
    say("The second factor is removed.");
    tellChanged(this);
    await focusHeading(this);
  }

  readonly #renewCodes = async (): Promise<void> => {
    let codes: readonly string[] = [];
    const done = await confirm({
      heading: "Make new recovery codes?",
      text: "The ones that you have kept stop working.",
      action: "Make new codes",
      run: async () => {
        codes = (await newRecoveryCodes()).recovery_codes;
      },
    });
    if (!done) return;
    this.open = { kind: "codes", codes };
    tellChanged(this);
  };
}
