// A short word that something was done. It stands below for a few seconds and is read out; nothing that
// somebody has to act on is said here.
import { LitElement, css, html, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";
import { base } from "../styles/base.ts";
import { icon } from "./icon.ts";

const SHOWN_MS = 5_000;
const EVENT = "parley-say";

export function say(text: string): void {
  window.dispatchEvent(new CustomEvent(EVENT, { detail: text }));
}

@customElement("parley-toast")
export class Toast extends LitElement {
  @state() private text = "";
  #timer: ReturnType<typeof setTimeout> | undefined;

  static override styles = [base, css`
    :host { position: fixed; inset: auto 0 1.25rem; display: grid; justify-items: center; padding: 0 1rem; pointer-events: none; z-index: 5; }
    p {
      display: flex; align-items: center; gap: 0.6rem; max-width: 32rem; padding: 0.7rem 1.1rem; border-radius: 99px;
      background: var(--ink); color: var(--bg); box-shadow: var(--shadow-2); animation: rise 160ms ease-out;
    }
    svg { flex: none; }
    @media (max-width: 45.99rem) { :host { bottom: 5.25rem; } }
    @keyframes rise { from { opacity: 0; transform: translateY(8px); } }
  `];

  override connectedCallback(): void {
    super.connectedCallback();
    this.role = "status";
    window.addEventListener(EVENT, this.#said);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener(EVENT, this.#said);
  }

  override render() {
    return this.text ? html`<p>${icon("check", 18)}${this.text}</p>` : nothing;
  }

  readonly #said = (event: Event): void => {
    this.text = (event as CustomEvent<string>).detail;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => (this.text = ""), SHOWN_MS);
  };
}
