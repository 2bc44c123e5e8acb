// The wordmark: two voices in one ring.
import { LitElement, css, html } from "lit";
import { customElement } from "lit/decorators.js";
import { base } from "../styles/base.ts";

@customElement("parley-brand")
export class Brand extends LitElement {
  static override styles = [
    base,
    css`
      :host { display: inline-flex; align-items: center; gap: 0.55rem; font-weight: 680; font-size: 1.0625rem; letter-spacing: -0.02em; }
      svg { display: block; }
      .ring { fill: var(--accent); }
      .voice { stroke: var(--accent-ink); }
    `,
  ];

  override render() {
    return html`
      <svg width="26" height="26" viewBox="0 0 26 26" fill="none" aria-hidden="true">
        <path class="ring" d="M13 1a12 12 0 1 1-6.2 22.300L2.2 24.6 3.4 19.900A12 12 0 0 1 13 1z" />
        <path class="voice" d="M8.5 11.500v3M11.5 8.500v9M14.5 10.500v5M17.5 12.200v1.6" stroke-width="1.8" stroke-linecap="round" />
      </svg>
      <span>Parley</span>
    `;
  }
}
