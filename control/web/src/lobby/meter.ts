// A live level meter in segments. Reads the level itself, frame by frame, and touches nothing but widths.
import { LitElement, css, html } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import { base } from "../styles/base.ts";
import type { Microphone } from "./microphone.ts";

@customElement("parley-meter")
export class Meter extends LitElement {
  @property({ attribute: false }) microphone: Microphone | undefined;
  @query(".fill") private fill!: HTMLElement;
  #frame = 0;
  #shown = 0;

  static override styles = [
    base,
    css`
      :host { display: block; }
      .track { position: relative; height: 0.75rem; }
      .track, .fill { border-radius: 3px; mask: repeating-linear-gradient(90deg, #000 0 6px, transparent 6px 9px); }
      .track { background: var(--line); }
      .fill { position: absolute; inset: 0; background: linear-gradient(90deg, var(--glow-1), var(--glow-2)); clip-path: inset(0 calc(100% - var(--shown, 0%)) 0 0); }
    `,
  ];

  override render() {
    return html`<div class="track" role="img" aria-label="Microphone level"><div class="fill"></div></div>`;
  }

  override firstUpdated(): void {
    const draw = () => {
      const level = this.microphone?.level() ?? 0;
      this.#shown = Math.max(level, this.#shown - 0.03);
      this.fill.style.setProperty("--shown", `${(this.#shown * 100).toFixed(1)}%`);
      this.#frame = requestAnimationFrame(draw);
    };
    draw();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    cancelAnimationFrame(this.#frame);
  }
}
