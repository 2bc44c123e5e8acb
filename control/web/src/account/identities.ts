// Accounts at identity providers by which one may come in. Shown where this deployment offers any.
import { LitElement, html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { buttons } from "../elements/buttons.ts";
import { confirm } from "../elements/confirm.ts";
import { focusHeading } from "../elements/focus.ts";
import { Form } from "../elements/form.ts";
import { icon } from "../elements/icon.ts";
import { Loaded } from "../elements/loaded.ts";
import { empty, part } from "../elements/part.ts";
import { say } from "../elements/toast.ts";
import { providers, type Provider } from "../signin/api.ts";
import { base } from "../styles/base.ts";
import { parts } from "../styles/parts.ts";
import { ago, day } from "../words.ts";
import { identities, linkIdentity, unlinkIdentity, type Identity } from "./api.ts";

@customElement("parley-identities")
export class Identities extends LitElement {
  readonly #all = new Loaded(this, async () => {
    const [connected, offered] = await Promise.all([identities(), providers()]);
    return { connected, offered };
  });

  readonly #connecting: Form = new Form(this, async (data) => {
    location.assign((await linkIdentity(String(data.get("provider")))).url);
  });

  static override styles = [base, buttons, parts];

  override render(): TemplateResult | typeof nothing {
    const { value } = this.#all;
    if (value !== null && value.offered.length === 0 && value.connected.length === 0) return nothing;
    return part("identities", "Connected accounts", "Sign in by an account that you have elsewhere.", html`
      <div class="panel">${this.#all.render(({ connected, offered }) => html`
        ${this.#connecting.banner()}
        ${connected.length === 0 ? empty("Nothing connected", "Connect an account to sign in with it.") : html`<ul class="rows">${connected.map((identity) => this.#renderIdentity(identity))}</ul>`}
        ${this.#renderOffers(offered.filter(({ name }) => !connected.some(({ provider }) => provider === name)))}
      `)}</div>`);
  }

  #renderIdentity(identity: Identity): TemplateResult {
    const used = identity.last_used_at === null ? "not used yet" : `last used ${ago(identity.last_used_at)}`;
    return html`<li>
      <div class="what"><span class="name">${identity.label}</span>
        <span class="meta">${identity.email ? `${identity.email} · ` : ""}connected ${day(identity.created_at)} · ${used}</span></div>
      <div class="do"><button class="button quiet small harm" @click=${() => this.#unlink(identity)}>Disconnect<span class="visually-hidden"> ${identity.label}</span></button></div>
    </li>`;
  }

  #renderOffers(offers: readonly Provider[]): TemplateResult | typeof nothing {
    if (offers.length === 0) return nothing;
    return html`<div class="actions">${offers.map(({ name, label }) => html`
      <form @submit=${this.#connecting.submit}><input type="hidden" name="provider" value=${name}>
        <button class="button" ?disabled=${this.#connecting.busy}>${icon("link", 18)}Connect ${label}</button></form>`)}</div>`;
  }

  async #unlink(identity: Identity): Promise<void> {
    const done = await confirm({
      heading: `Disconnect ${identity.label}?`,
      text: "You cannot come in by it any more.",
      action: "Disconnect",
      isDangerous: true,
      run: () => unlinkIdentity(identity.id),
    });
    if (!done) return;
    say(`${identity.label} is disconnected.`);
    await this.#all.reload();
    await focusHeading(this);
  }
}
