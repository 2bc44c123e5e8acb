// The frame around the screens before and after a meeting: wordmark, theme, and one centred piece of content.
import { LitElement, css, html } from "lit";
import { customElement } from "lit/decorators.js";
import { base } from "../styles/base.ts";
import "./brand.ts";
import "./theme.ts";

@customElement("parley-frame")
export class Frame extends LitElement {
  static override styles = [
    base,
    css`
      :host { display: grid; grid-template-rows: auto 1fr; min-height: 100svh; }
      header { display: flex; align-items: center; gap: 0.5rem; padding: 1rem clamp(1rem, 4vw, 2rem); }
      .space { flex: 1; }
      main { display: grid; align-items: center; justify-items: center; padding: 0.5rem clamp(1rem, 4vw, 2rem) clamp(2rem, 8vh, 6rem); min-width: 0; }
      main > ::slotted(*) { min-width: 0; }
    `,
  ];

  override render() {
    return html`
      <header><parley-brand></parley-brand><span class="space"></span><slot name="end"></slot><parley-theme></parley-theme></header>
      <main><slot></slot></main>
    `;
  }
}
