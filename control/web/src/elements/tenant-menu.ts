// Whose company is worked in: which ones there are, another one, a new one, and the way out.
import { LitElement, css, html, nothing, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { account, newTenant, type Membership } from "../account/api.ts";
import { tellSession, tellSignedOut } from "../events.ts";
import { describe } from "../problem.ts";
import { signOut, switchTenant, type Session } from "../session.ts";
import { base } from "../styles/base.ts";
import "./banner.ts";
import { buttons } from "./buttons.ts";
import "./dialog.ts";
import { fields } from "./field.ts";
import { Form, written } from "./form.ts";
import { icon } from "./icon.ts";

@customElement("parley-tenant-menu")
export class TenantMenu extends LitElement {
  @property({ attribute: false }) session!: Session;
  @state() private isOpen = false;
  @state() private tenants: readonly Membership[] = [];
  @state() private trouble = "";
  @state() private makesNew = false;
  @query(".opener") private opener!: HTMLElement;

  readonly #form = new Form(this, async (data) => {
    const session = await newTenant(written(data, "tenant"));
    this.makesNew = false;
    tellSession(this, session);
  });

  static override styles = [base, buttons, fields, css`
    :host { position: relative; min-width: 0; }
    .opener { max-width: 13rem; padding-inline: 0.6rem; }
    .opener .label { overflow: hidden; text-overflow: ellipsis; }
    .mark { display: grid; place-content: center; flex: none; width: 1.6rem; height: 1.6rem; border-radius: 0.5rem; background: var(--accent-soft); color: var(--accent); font-size: var(--text-s); font-weight: 680; }
    .sheet {
      position: absolute; right: 0; top: calc(100% + 0.4rem); z-index: 4; width: min(18rem, calc(100vw - 2rem)); padding: 0.4rem; border: 1px solid var(--line);
      border-radius: var(--radius-m); background: var(--raised); box-shadow: var(--shadow-2); animation: rise 120ms ease-out;
    }
    .who { padding: 0.5rem 0.65rem 0.6rem; font-size: var(--text-s); color: var(--ink-3); overflow-wrap: anywhere; }
    .who strong { display: block; color: var(--ink); font-size: var(--text-m); font-weight: 580; }
    hr { margin: 0.35rem 0; border: 0; border-top: 1px solid var(--line); }
    .item {
      display: flex; align-items: center; gap: 0.65rem; width: 100%; min-height: 2.5rem; padding: 0.4rem 0.65rem; border: 0; border-radius: var(--radius-s); background: none;
      color: var(--ink); font: 500 var(--text-m)/1.3 var(--font); text-align: left; cursor: pointer;
    }
    .item:hover { background: color-mix(in srgb, var(--ink) 7%, transparent); }
    .item[aria-current] { cursor: default; }
    .item .label { flex: 1; min-width: 0; overflow-wrap: anywhere; }
    .item svg { color: var(--ink-3); }
    .item[aria-current] svg { color: var(--accent); }
    form { display: grid; gap: 1.1rem; }
    @keyframes rise { from { opacity: 0; transform: translateY(-4px); } }
    @media (max-width: 27rem) { .opener > .label { display: none; } }
  `];

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("click", this.#clickedAnywhere);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("click", this.#clickedAnywhere);
  }

  override render(): TemplateResult {
    const { tenant } = this.session;
    return html`
      <div @keydown=${this.#key} @focusout=${this.#focusLeft}>
        <button class="button quiet opener" aria-expanded=${this.isOpen} aria-controls="sheet" @click=${this.#toggle}>
          ${mark(tenant.name)}<span class="label"><span class="visually-hidden">Company: </span>${tenant.name}</span>${icon("chevron", 16)}
        </button>
        ${this.isOpen ? this.#renderSheet() : nothing}
      </div>
      ${this.makesNew ? this.#renderNew() : nothing}
    `;
  }

  #renderSheet(): TemplateResult {
    const { tenant, name, email } = this.session;
    const others = this.tenants.filter((candidate) => candidate.id !== tenant.id);
    return html`<div class="sheet" id="sheet">
      <p class="who"><strong>${name}</strong>${email}</p>
      ${this.trouble ? html`<parley-banner tone="error">${this.trouble}</parley-banner>` : nothing}
      <hr>
      <button class="item" aria-current="true" @click=${this.#close}>${mark(tenant.name)}<span class="label">${tenant.name}</span>${icon("check", 18)}</button>
      ${others.map((other) => html`<button class="item" @click=${() => this.#switch(other.id)}>${mark(other.name)}<span class="label">${other.name}</span></button>`)}
      <button class="item" @click=${this.#openNew}>${icon("plus", 18)}<span class="label">New company</span></button>
      <hr>
      <button class="item" @click=${this.#signOut}>${icon("leave", 18)}<span class="label">Sign out</span></button>
    </div>`;
  }

  #renderNew(): TemplateResult {
    return html`<parley-dialog heading="New company" @closed=${() => (this.makesNew = false)}>
      <form novalidate @submit=${this.#form.submit}>
        ${this.#form.banner()}
        <p class="muted">It has rooms, agents and members of its own, and you are its owner. Nothing is shared between companies.</p>
        ${this.#form.field({ id: "tenant", label: "Name of the company" }, html`
          <input id="tenant" name="tenant" autocomplete="organization" maxlength="200" required autofocus @input=${this.#form.edited}>`)}
        <button class="button primary large wide" ?disabled=${this.#form.busy}>${this.#form.busy ? "One moment…" : "Make the company"}</button>
      </form>
    </parley-dialog>`;
  }

  readonly #toggle = (): void => {
    this.isOpen = !this.isOpen;
    this.trouble = "";
    if (this.isOpen) void this.#load();
  };

  readonly #close = (): void => {
    this.isOpen = false;
    this.opener.focus();
  };

  readonly #openNew = (): void => {
    this.#close();
    this.makesNew = true;
  };

  async #load(): Promise<void> {
    try {
      this.tenants = (await account()).tenants;
    } catch (error) {
      this.trouble = `Your other companies could not be loaded. ${describe(error)}`;
    }
  }

  async #switch(tenantId: string): Promise<void> {
    try {
      const session = await switchTenant(tenantId);
      this.#close();
      tellSession(this, session);
    } catch (error) {
      this.trouble = describe(error);
    }
  }

  readonly #signOut = async (): Promise<void> => {
    try {
      await signOut();
      tellSignedOut(this);
    } catch (error) {
      this.trouble = `You are still signed in. ${describe(error)}`;
    }
  };

  readonly #key = (event: KeyboardEvent): void => {
    if (event.key === "Escape" && this.isOpen) this.#close();
  };

  readonly #focusLeft = (event: FocusEvent): void => {
    const to = event.relatedTarget;
    if (to instanceof Node && !this.renderRoot.contains(to)) this.isOpen = false;
  };

  readonly #clickedAnywhere = (event: MouseEvent): void => {
    if (this.isOpen && !event.composedPath().includes(this)) this.isOpen = false;
  };
}

function mark(name: string): TemplateResult {
  return html`<span class="mark" aria-hidden="true">${[...name.trim()][0]?.toUpperCase() ?? "?"}</span>`;
}
