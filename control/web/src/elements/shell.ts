// The frame around the pages of somebody who is signed in: the way to each of them, the company that is worked
// in, and the page itself. On a narrow screen the ways stand below, within reach of a thumb.
import { LitElement, css, html, nothing, type TemplateResult } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import { isAdmin, type Session } from "../session.ts";
import { base } from "../styles/base.ts";
import "./brand.ts";
import { icon, type IconName } from "./icon.ts";
import "./tenant-menu.ts";
import "./theme.ts";

export type Place = "rooms" | "agents" | "members" | "keys" | "account";

interface Way {
  readonly place: Place;
  readonly path: string;
  readonly label: string;
  readonly icon: IconName;
  /** Nothing on the page is for members who administer nothing. */
  readonly isForAdmins?: boolean;
}

const WAYS: readonly Way[] = [
  { place: "rooms", path: "/", label: "Rooms", icon: "door" },
  { place: "agents", path: "/agents", label: "Agents", icon: "agent" },
  { place: "members", path: "/members", label: "Members", icon: "people" },
  { place: "keys", path: "/keys", label: "Keys", icon: "key", isForAdmins: true },
  { place: "account", path: "/account", label: "Account", icon: "person" },
];

@customElement("parley-shell")
export class Shell extends LitElement {
  @property({ attribute: false }) session!: Session;
  @property() place: Place = "rooms";
  /** For one piece of content in the middle, rather than a page that begins at the top. */
  @property({ type: Boolean, reflect: true }) centred = false;
  @query("main") private main!: HTMLElement;

  static override styles = [
    base,
    css`
      :host { --bar: 4.1rem; display: grid; grid-template-rows: auto 1fr; min-height: 100svh; }
      header { display: flex; align-items: center; gap: 0.5rem; padding: 0.75rem clamp(1rem, 4vw, 2rem); }
      header > a { display: flex; color: inherit; text-decoration: none; border-radius: var(--radius-s); }
      .space { flex: 1; }
      nav { display: flex; gap: 0.15rem; }
      nav a { display: flex; align-items: center; gap: 0.5rem; padding: 0.5rem 0.8rem; border-radius: var(--radius-m); color: var(--ink-2); font-weight: 560; text-decoration: none; transition: background 120ms, color 120ms; }
      nav a:hover { background: color-mix(in srgb, var(--ink) 7%, transparent); color: var(--ink); }
      nav a[aria-current] { background: var(--accent-soft); color: var(--accent); }
      main { width: 100%; max-width: 66rem; margin: 0 auto; padding: clamp(1rem, 4vw, 2.5rem) clamp(1rem, 4vw, 2rem) clamp(2rem, 8vh, 6rem); min-width: 0; }
      main:focus { outline: 0; }
      :host([centred]) main { display: grid; align-items: center; justify-items: center; max-width: none; padding-top: 0.5rem; }
      main > ::slotted(*) { min-width: 0; }
      .skip { position: absolute; left: 1rem; top: -4rem; z-index: 3; padding: 0.6rem 1rem; border: 0; border-radius: var(--radius-m); background: var(--accent); color: var(--accent-ink); font: 560 var(--text-m)/1.2 var(--font); }
      .skip:focus { top: 0.75rem; }
      @media (min-width: 46rem) {
                nav { margin-left: 1.25rem; }
        nav svg { display: none; }
      }
      @media (max-width: 45.99rem) {
        main { padding-bottom: calc(var(--bar) + 2rem + env(safe-area-inset-bottom)); }
        nav {
          position: fixed; inset: auto 0 0; z-index: 2; display: grid; grid-auto-flow: column; grid-auto-columns: 1fr; gap: 0; padding: 0.3rem 0.3rem calc(0.3rem + env(safe-area-inset-bottom));
          border-top: 1px solid var(--line); background: color-mix(in srgb, var(--surface) 92%, transparent); backdrop-filter: blur(12px);
        }
        nav a { flex-direction: column; gap: 0.2rem; padding: 0.4rem 0.1rem; font-size: var(--text-xs); }
        nav a[aria-current] { background: none; }
      }
    `,
  ];

  override render(): TemplateResult {
    const ways = WAYS.filter((way) => !way.isForAdmins || isAdmin(this.session));
    return html`
      <header>
        <button class="skip" @click=${() => this.main.focus()}>Skip to content</button>
        <a href="/" aria-label="Parley: home"><parley-brand></parley-brand></a>
        <nav aria-label="Main">${ways.map((way) => html`
          <a href=${way.path} aria-current=${way.place === this.place ? "page" : nothing}>${icon(way.icon)}<span>${way.label}</span></a>`)}
        </nav>
        <span class="space"></span>
        <parley-tenant-menu .session=${this.session}></parley-tenant-menu>
        <parley-theme></parley-theme>
      </header>
      <main tabindex="-1"><slot></slot></main>
    `;
  }
}
