// A company's own keys at model providers: used by its conversations, never shown again.
import { LitElement, css, html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { buttons } from "../elements/buttons.ts";
import { confirm } from "../elements/confirm.ts";
import "../elements/dialog.ts";
import { fields } from "../elements/field.ts";
import { focusHeading } from "../elements/focus.ts";
import { Form, written } from "../elements/form.ts";
import { Loaded } from "../elements/loaded.ts";
import { part } from "../elements/part.ts";
import { say } from "../elements/toast.ts";
import { base } from "../styles/base.ts";
import { parts } from "../styles/parts.ts";
import { ago } from "../words.ts";
import { providerKeys, removeProviderKey, setProviderKey, type ProviderKey, type ProviderName } from "./api.ts";

const NAMES: Record<ProviderName, string> = { openai: "OpenAI", google: "Google", anthropic: "Anthropic" };
const PROVIDERS = Object.keys(NAMES) as ProviderName[];

@customElement("parley-provider-keys")
export class ProviderKeys extends LitElement {
  @state() private edited: ProviderName | null = null;
  readonly #keys = new Loaded(this, providerKeys);

  static override styles = [base, buttons, parts];

  override render(): TemplateResult {
    return part("provider-keys", "Provider keys", "Bring your own and your conversations are billed to you. They are sealed, used by your conversations only, and never shown.", html`
      <div class="panel">${this.#keys.render((keys) => html`<ul class="rows">${PROVIDERS.map((provider) => this.#renderProvider(provider, keys.find((key) => key.provider === provider)))}</ul>`)}</div>
      ${this.edited ? html`<parley-set-provider-key .provider=${this.edited} .label=${NAMES[this.edited]} @closed=${() => (this.edited = null)} @set=${this.#set}></parley-set-provider-key>` : nothing}`);
  }

  #renderProvider(provider: ProviderName, key: ProviderKey | undefined): TemplateResult {
    const name = NAMES[provider];
    const facts = key === undefined ? "None: this server's own models are used" : [key.hint && `ends in ${key.hint}`, key.base_url, `set ${ago(key.updated_at)}`].filter(Boolean).join(" · ");
    return html`<li>
      <div class="what"><span class="name">${name} ${key ? html`<span class="tag on">yours</span>` : nothing}</span><span class="meta">${facts}</span></div>
      <div class="do">
        <button class="button quiet small" @click=${() => (this.edited = provider)}>${key ? "Replace" : "Set"}<span class="visually-hidden"> the key of ${name}</span></button>
        ${key ? html`<button class="button quiet small harm" @click=${() => this.#remove(provider)}>Remove<span class="visually-hidden"> the key of ${name}</span></button>` : nothing}
      </div>
    </li>`;
  }

  readonly #set = async (event: CustomEvent<ProviderName>): Promise<void> => {
    this.edited = null;
    say(`The key of ${NAMES[event.detail]} is set.`);
    await this.#keys.reload();
  };

  async #remove(provider: ProviderName): Promise<void> {
    const done = await confirm({
      heading: `Remove the key of ${NAMES[provider]}?`,
      text: "Conversations that begin from now on use this server's own models.",
      action: "Remove",
      isDangerous: true,
      run: () => removeProviderKey(provider),
    });
    if (!done) return;
    say(`The key of ${NAMES[provider]} is removed.`);
    await this.#keys.reload();
    await focusHeading(this);
  }
}

@customElement("parley-set-provider-key")
export class SetProviderKey extends LitElement {
  @property() provider!: ProviderName;
  @property() label = "";

  static override styles = [base, buttons, fields, css`form { display: grid; gap: 1.1rem; }`];

  readonly #form: Form = new Form(this, async (data) => {
    const [apiKey, address] = [written(data, "api_key"), written(data, "base_url")];
    if (apiKey === "" && address === "") return this.#form.fail("Give a key, an address, or both.");
    await setProviderKey(this.provider, { ...(apiKey ? { api_key: apiKey } : {}), ...(address ? { base_url: address } : {}) });
    this.dispatchEvent(new CustomEvent("set", { detail: this.provider }));
  });

  override render(): TemplateResult {
    return html`<parley-dialog heading="Key of ${this.label}" @closed=${() => this.dispatchEvent(new CustomEvent("closed"))}>
      <form novalidate @submit=${this.#form.submit}>
        ${this.#form.banner()}
        <p class="muted">It takes the place of what is there, key and address together.</p>
        ${this.#form.field({ id: "api_key", label: "API key" }, html`
          <input id="api_key" name="api_key" type="password" autocomplete="off" autocapitalize="off" spellcheck="false" maxlength="500" autofocus @input=${this.#form.edited}>`)}
        ${this.#form.field({ id: "base_url", label: "Address (optional)", hint: "For a server that speaks the same language, such as https://models.example.com/v1." }, html`
          <input id="base_url" name="base_url" type="url" inputmode="url" autocomplete="off" maxlength="500" @input=${this.#form.edited}>`)}
        <button class="button primary large wide" ?disabled=${this.#form.busy}>${this.#form.busy ? "One moment…" : "Set the key"}</button>
      </form>
    </parley-dialog>`;
  }
}
