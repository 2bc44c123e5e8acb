// What is being said right now, large enough to read from a chair; finished sentences are also read out.
import { LitElement, css, html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { Observer } from "../observable.ts";
import { base } from "../styles/base.ts";
import type { Call } from "./call.ts";
import type { Caption } from "./captions.ts";

@customElement("parley-captions")
export class CaptionsView extends LitElement {
  @property({ attribute: false }) call!: Call;

  static override styles = [
    base,
    css`
      :host { display: block; padding: 0.25rem 1rem 0.25rem; }
      .lines { display: grid; gap: 0.4rem; align-content: end; justify-items: center; min-height: 4.5rem; max-height: 9rem; overflow: hidden; }
      .line {
        display: flex; flex-direction: column; justify-content: flex-end; max-width: 46rem; max-height: 5.6rem; overflow: hidden; padding: 0.4rem 0.9rem;
        border-radius: var(--radius-m); background: color-mix(in srgb, var(--raised) 82%, transparent); box-shadow: var(--shadow-1);
        font-size: clamp(1rem, 0.9rem + 0.45vw, 1.25rem); line-height: 1.4; text-wrap: pretty; animation: in 160ms ease-out;
      }
      .who { font-size: var(--text-xs); font-weight: 620; color: var(--ink-3); }
      .agent .who { color: var(--accent); }
      .guess .words { color: var(--ink-2); }
      @keyframes in { from { opacity: 0; transform: translateY(6px); } }
      @container stage (max-height: 20rem) { .lines { min-height: 0; max-height: 4rem; } .line { max-height: 3.9rem; font-size: var(--text-m); } .line:not(:last-child) { display: none; } }
    `,
  ];

  constructor() {
    super();
    new Observer(this, () => this.call.captions);
  }

  override render(): TemplateResult {
    const { shown } = this.call.captions;
    return html`
      <div class="lines" aria-hidden="true">
        ${repeat(shown, (caption) => caption.id, (caption) => this.#renderLine(caption))}
      </div>
      <div class="visually-hidden" role="log" aria-live="polite" aria-label="Captions">
        ${repeat(shown.filter((caption) => caption.isFinal), (caption) => caption.id,
          (caption) => html`<p>${caption.name}: ${caption.text}</p>`)}
      </div>
    `;
  }

  #renderLine(caption: Caption): TemplateResult {
    const kind = `${caption.isAgent ? "agent" : "person"} ${caption.isFinal ? "" : "guess"}`;
    return html`<p class="line ${kind}">
      <span class="who">${caption.name}${caption.isFinal || caption.isAgent ? nothing : " …"}</span>
      <span class="words">${caption.text}</span>
    </p>`;
  }
}
