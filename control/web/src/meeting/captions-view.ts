// What is being said right now, large enough to read from a chair; finished sentences are also read out.
import { LitElement, css, html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { Observer } from "../observable.ts";
import { base } from "../styles/base.ts";
import type { Call } from "./call.ts";
import type { Caption } from "./captions.ts";

/** From here on a caption takes smaller letters and one line more. */
const LONG_CHARS = 150;

@customElement("parley-captions")
export class CaptionsView extends LitElement {
  @property({ attribute: false }) call!: Call;

  static override styles = [
    base,
    css`
      :host { display: block; padding: 0.25rem clamp(0.75rem, 4cqw, 2.5rem) 0.25rem; }
      .lines { display: grid; gap: 0.65rem; align-content: end; justify-items: center; height: var(--lines, 9.5rem); overflow: hidden; mask: linear-gradient(transparent, #000 1.25rem); }
      .line { max-width: 44rem; text-align: center; line-height: 1.38; animation: in 180ms ease-out; }
      .words {
        display: flex; flex-direction: column; justify-content: flex-end; max-height: 4.14em; overflow: hidden;
        font-size: clamp(1.0625rem, 0.95rem + 0.5vw, 1.375rem); letter-spacing: -0.008em; text-wrap: balance;
      }
      .long .words { font-size: clamp(1rem, 0.9rem + 0.3vw, 1.125rem); max-height: 5.52em; }
      .line:not(:last-child) .words { font-size: var(--text-m); max-height: 1.38em; color: var(--ink-2); }
      .who { display: block; font-size: var(--text-xs); font-weight: 620; color: var(--ink-3); }
      .agent .who { color: var(--accent); }
      .guess.person .words { color: var(--ink-2); }
      @keyframes in { from { opacity: 0; transform: translateY(6px); } }
      @container stage (max-height: 20rem) { .lines { height: var(--lines, 4.4rem); } .words { font-size: 1rem; max-height: 2.76em; } .line:not(:last-child) { display: none; } }
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
    const isLong = caption.text.length > LONG_CHARS;
    const kind = `${caption.isAgent ? "agent" : "person"} ${caption.isFinal ? "" : "guess"} ${isLong ? "long" : ""}`;
    return html`<p class="line ${kind}">
      <span class="who">${caption.name}${caption.isFinal || caption.isAgent ? nothing : " …"}</span>
      <span class="words">${caption.text}</span>
    </p>`;
  }
}
