// The agent as a light: how it looks says what it is doing. `level` (0 to 1) is how loud it speaks now.
import { LitElement, css, html } from "lit";
import { customElement, property } from "lit/decorators.js";
import { base } from "../styles/base.ts";

export type OrbState = "absent" | "waiting" | "listening" | "thinking" | "speaking" | "muted";

@customElement("parley-orb")
export class Orb extends LitElement {
  @property({ reflect: true }) state: OrbState = "listening";

  static override styles = [
    base,
    css`
      :host { --level: 0; display: block; position: relative; width: 11rem; aspect-ratio: 1; isolation: isolate; }
      .core, .halo, .sweep { position: absolute; border-radius: 50%; }
      .core {
        inset: 17%; overflow: hidden; background: radial-gradient(circle at 32% 26%, var(--glow-2), var(--glow-1) 48%, #0b5a3c 100%);
        box-shadow: inset 0 -10px 28px #04301f80, inset 0 6px 18px #ffffff40, 0 14px 40px -16px color-mix(in srgb, var(--glow-1) 80%, transparent);
        transform: scale(calc(1 + var(--level) * 0.16)); transition: transform 90ms linear, filter 300ms, opacity 300ms;
      }
      .core::before {
        content: ""; position: absolute; inset: -30%;
        background: conic-gradient(from 0deg, transparent 0 30%, #ffffff55 42%, transparent 56% 76%, #ffffff2e 86%, transparent);
        filter: blur(10px); animation: turn 9s linear infinite;
      }
      .halo {
        inset: 4%; background: radial-gradient(circle, color-mix(in srgb, var(--glow-1) 34%, transparent) 40%, transparent 70%);
        transform: scale(calc(0.92 + var(--level) * 0.4)); transition: transform 120ms linear, opacity 300ms; z-index: -1;
      }
      .sweep { inset: 9%; border: 1.5px solid color-mix(in srgb, var(--accent) 45%, transparent); opacity: 0; transition: opacity 300ms; }
      :host([state="listening"]) .core { animation: breathe 4.5s ease-in-out infinite; }
      :host([state="speaking"]) .sweep { opacity: 1; animation: ripple 1.8s ease-out infinite; }
      :host([state="thinking"]) .core { filter: saturate(0.85) brightness(0.94); }
      :host([state="thinking"]) .core::before { animation-duration: 1.6s; }
      :host([state="thinking"]) .sweep {
        opacity: 1; border-width: 2.5px; border-color: var(--accent) transparent transparent transparent; animation: turn 1s linear infinite;
      }
      :host([state="waiting"]) .core { filter: saturate(0.5); opacity: 0.6; animation: breathe 2.4s ease-in-out infinite; }
      :host([state="waiting"]) .sweep { opacity: 1; border-style: dashed; animation: turn 12s linear infinite; }
      :host([state="absent"]) .core, :host([state="muted"]) .core { filter: grayscale(0.9); opacity: 0.42; }
      :host([state="absent"]) .halo, :host([state="muted"]) .halo { opacity: 0; }
      :host([state="absent"]) .sweep { opacity: 0.7; border-style: dashed; border-color: var(--line-strong); }
      :host([state="absent"]) .core::before, :host([state="muted"]) .core::before { animation: none; }
      @keyframes turn { to { rotate: 1turn; } }
      @keyframes breathe { 50% { transform: scale(1.035); } }
      @keyframes ripple { from { transform: scale(0.92); opacity: 0.9; } to { transform: scale(1.28); opacity: 0; } }
    `,
  ];

  set level(value: number) {
    this.style.setProperty("--level", value.toFixed(3));
  }

  override render() {
    return html`<div class="halo"></div><div class="sweep"></div><div class="core"></div>`;
  }
}
