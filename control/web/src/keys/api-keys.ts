// API keys: made, shown once, rotated, revoked.
import { LitElement, html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { buttons } from "../elements/buttons.ts";
import { confirm } from "../elements/confirm.ts";
import { fields } from "../elements/field.ts";
import { focusHeading } from "../elements/focus.ts";
import { icon } from "../elements/icon.ts";
import { Loaded } from "../elements/loaded.ts";
import { empty, part } from "../elements/part.ts";
import { say } from "../elements/toast.ts";
import { base } from "../styles/base.ts";
import { parts } from "../styles/parts.ts";
import { ago, day } from "../words.ts";
import { apiKeys, revokeApiKey, rotateApiKey, type ApiKey, type NewApiKey } from "./api.ts";
import "./new-key.ts";
import "./shown-key.ts";
import { standingOf, type Standing } from "./standing.ts";

const TAGS: Record<Standing, TemplateResult | typeof nothing> = {
  good: nothing,
  rotated: html`<span class="tag off">runs out</span>`,
  expired: html`<span class="tag">expired</span>`,
  revoked: html`<span class="tag">revoked</span>`,
};

const OVERLAPS: readonly (readonly [number, string])[] = [
  [86_400, "For a day"], [604_800, "For a week"], [0, "Not at all: it stops now"],
];

@customElement("parley-api-keys")
export class ApiKeys extends LitElement {
  @state() private makesNew = false;
  @state() private shown: NewApiKey | null = null;
  @state() private showsEnded = false;
  readonly #keys = new Loaded(this, apiKeys);

  static override styles = [base, buttons, fields, parts];

  override render(): TemplateResult {
    return part("api-keys", "API keys", "For programs of yours: each has a name, may do what you say, and ends when you say.", html`
      <div class="panel">
        ${this.#keys.render((keys) => this.#renderKeys(keys))}
        <div class="actions"><button class="button" @click=${() => (this.makesNew = true)}>${icon("plus", 18)}Make a key</button></div>
      </div>
      ${this.makesNew ? html`<parley-new-key @closed=${() => (this.makesNew = false)} @made=${this.#made}></parley-new-key>` : nothing}
      ${this.shown ? html`<parley-shown-key .made=${this.shown} @closed=${() => (this.shown = null)}></parley-shown-key>` : nothing}`);
  }

  #renderKeys(keys: readonly ApiKey[]): TemplateResult {
    if (keys.length === 0) return empty("No API key yet", "Make one for each program, so that each can be revoked by itself.");
    const isOver = (key: ApiKey) => ["expired", "revoked"].includes(standingOf(key));
    const ended = keys.filter(isOver).length;
    const visible = this.showsEnded ? keys : keys.filter((key) => !isOver(key));
    return html`
      ${visible.length === 0 ? empty("No key is in use", "Every key has ended.") : html`<ul class="rows">${visible.map((key) => this.#renderKey(key))}</ul>`}
      ${ended > 0 ? html`<div><button class="button quiet small" aria-expanded=${this.showsEnded} @click=${() => (this.showsEnded = !this.showsEnded)}>${this.showsEnded ? "Hide" : "Show"} what has ended (${ended})</button></div>` : nothing}
    `;
  }

  #renderKey(key: ApiKey): TemplateResult {
    const standing = standingOf(key);
    const facts = [
      key.last_used_at === null ? "Never used" : `Last used ${ago(key.last_used_at)}`,
      `made ${day(key.created_at)}`,
      standing === "revoked" || key.expires_at === null ? null : `${standing === "expired" ? "ended" : "ends"} ${ago(key.expires_at)}`,
    ];
    const whose = html`<span class="visually-hidden"> ${key.name}</span>`;
    return html`<li>
      <div class="what"><span class="name">${key.name} <code>${key.hint}…</code> ${TAGS[standing]}</span>
        <span class="meta">${facts.filter(Boolean).join(" · ")}</span><span class="meta">${key.scopes.join(", ")}</span></div>
      <div class="do">
        ${standing === "good" ? html`<button class="button quiet small" @click=${() => this.#rotate(key)}>Rotate${whose}</button>` : nothing}
        ${standing === "good" || standing === "rotated" ? html`<button class="button quiet small harm" @click=${() => this.#revoke(key)}>Revoke${whose}</button>` : nothing}
      </div>
    </li>`;
  }

  readonly #made = async (event: CustomEvent<NewApiKey>): Promise<void> => {
    this.makesNew = false;
    this.shown = event.detail;
    await this.#keys.reload();
  };

  async #rotate(key: ApiKey): Promise<void> {
    let made: NewApiKey | null = null;
    await confirm({
      heading: `Rotate “${key.name}”?`,
      text: html`<p>You get a new key with the same name and scopes.</p>
        <fieldset><legend>The old one still works</legend>${OVERLAPS.map(([seconds, label], index) => html`
          <label class="choice"><input type="radio" name="overlap" value=${seconds} ?checked=${index === 0}><span>${label}</span></label>`)}</fieldset>`,
      action: "Rotate",
      run: async (data) => {
        made = await rotateApiKey(key.id, Number(data.get("overlap")));
      },
    });
    if (made === null) return;
    this.shown = made;
    await this.#keys.reload();
  }

  async #revoke(key: ApiKey): Promise<void> {
    const done = await confirm({
      heading: `Revoke “${key.name}”?`,
      text: "Programs that use it are refused from now on.",
      action: "Revoke",
      isDangerous: true,
      run: () => revokeApiKey(key.id),
    });
    if (!done) return;
    say(`“${key.name}” is revoked.`);
    await this.#keys.reload();
    await focusHeading(this);
  }
}
