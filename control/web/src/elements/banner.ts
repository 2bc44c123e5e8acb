// A message that stays in place: `info`, `caution` or `error`, with room for an action in the slot `action`.
import { LitElement, css, html } from "lit";
import { customElement, property } from "lit/decorators.js";
import { base } from "../styles/base.ts";
import { icon, type IconName } from "./icon.ts";

const ICONS: Record<string, IconName> = { info: "info", caution: "alert", error: "alert" };

@customElement("parley-banner")
export class Banner extends LitElement {
  @property({ reflect: true }) tone: "info" | "caution" | "error" = "info";

  static override styles = [
    base,
    css`
      :host {
        display: flex; align-items: center; gap: 0.7rem; padding: 0.65rem 0.9rem; border-radius: var(--radius-m);
        background: var(--accent-soft); color: var(--ink); font-size: var(--text-m); line-height: 1.4;
      }
      :host([tone="caution"]) { background: var(--caution-soft); color: var(--caution-ink); }
      :host([tone="error"]) { background: var(--danger-soft); color: var(--danger); }
      .text { flex: 1; min-width: 0; overflow-wrap: anywhere; }
      svg { flex: none; }
    `,
  ];

  override willUpdate(): void {
    this.role = this.tone === "error" ? "alert" : "status";
  }

  override render() {
    return html`${icon(ICONS[this.tone] ?? "info", 18)}
      <div class="text"><slot></slot></div>
      <slot name="action"></slot>`;
  }
}
