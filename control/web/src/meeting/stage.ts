// The stage: the agent, a shared screen, the people, and what is being said right now.
import { LitElement, css, html, nothing, type TemplateResult } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import type { Orb } from "../elements/orb.ts";
import "../elements/orb.ts";
import { icon } from "../elements/icon.ts";
import { Observer } from "../observable.ts";
import { base } from "../styles/base.ts";
import { agentWords, isAwaited, orbState } from "./agent-words.ts";
import type { Call } from "./call.ts";
import "./captions-view.ts";
import { LevelMeter } from "./level.ts";
import "./person-tile.ts";
import "./screen-view.ts";

@customElement("parley-stage")
export class Stage extends LitElement {
  @property({ attribute: false }) call!: Call;
  @query("parley-orb") private orb!: Orb;
  readonly #level = new LevelMeter((level) => (this.orb.level = level));

  static override styles = [
    base,
    css`
      :host {
        display: grid; grid-template-rows: minmax(0, 1fr) auto; overflow: hidden; position: relative; border-radius: var(--radius-l);
        border: 1px solid var(--line); background: radial-gradient(ellipse 90% 80% at 50% 30%, color-mix(in srgb, var(--accent-soft) 55%, var(--surface)), var(--surface) 75%);
        container: stage / size;
      }
      .centre { display: grid; grid-template: minmax(0, 1fr) auto / minmax(0, 1fr); min-height: 0; }
      .scene { display: grid; place-items: center; min-height: 0; padding: 0.75rem 0.75rem 0; }
      .agent { display: grid; justify-items: center; gap: 0.75rem; text-align: center; }
      parley-orb { width: clamp(4.5rem, 32cqh, 13rem); }
      .agent h2 { font-size: var(--text-xl); }
      .agent p { color: var(--ink-2); min-height: 1.5em; }
      .people { display: flex; flex-wrap: wrap; justify-content: center; gap: 0.5rem; padding: 0.5rem 0.75rem 0.75rem; max-height: 7.5rem; overflow: auto; }
      .with-screen .scene { grid-template: auto minmax(0, 1fr) / minmax(0, 1fr); place-items: stretch; gap: 0.6rem; padding: 0.75rem; }
      .with-screen .agent { grid-template-columns: auto auto 1fr; align-items: center; justify-items: start; gap: 0 0.75rem; text-align: left; padding: 0 0.25rem; }
      .with-screen parley-orb { width: 2.75rem; }
      .with-screen h2 { font-size: var(--text-m); }
      .with-screen .agent p { font-size: var(--text-s); }
      .muted-note { display: inline-flex; align-items: center; gap: 0.35rem; }
      .with-screen parley-captions { --lines: 5.25rem; }
      @container stage (max-height: 24rem) {
        .people { flex-wrap: nowrap; justify-content: safe center; padding-top: 0.25rem; padding-bottom: 0.6rem; }
        .with-screen .scene { padding: 0.5rem 0.5rem 0; gap: 0.35rem; }
        .with-screen parley-captions { --lines: 3.6rem; }
        .with-screen .agent parley-orb { width: 2rem; grid-row: auto; }
      }
      @container stage (max-height: 20rem) {
        .scene { padding-top: 0.5rem; }
        .centre:not(.with-screen) .agent { grid-template-columns: auto auto; gap: 0 0.9rem; align-items: center; text-align: left; }
        .centre:not(.with-screen) parley-orb { grid-row: span 2; width: 4.5rem; }
        .centre:not(.with-screen) h2 { font-size: var(--text-l); align-self: end; justify-self: start; }
        .centre:not(.with-screen) .agent p { font-size: var(--text-s); align-self: start; justify-self: start; max-width: 15rem; }
      }
    `,
  ];

  constructor() {
    super();
    new Observer(this, () => this.call);
    new Observer(this, () => this.call.presence);
  }

  override render(): TemplateResult {
    const { call } = this;
    const screen = call.screen;
    return html`
      <div class="centre ${screen ? "with-screen" : ""}">
        <div class="scene">
          <div class="agent">
            <parley-orb state=${orbState(call)} aria-hidden="true"></parley-orb>
            <h2>${call.agent?.name ?? "Parley"}</h2>
            <p class="state" aria-live=${isAwaited(call) ? "polite" : "off"}>
              ${call.agent?.isMuted ? html`<span class="muted-note">${icon("agent-off", 16)}${agentWords(call)}</span>` : agentWords(call)}</p>
          </div>
          ${screen ? html`<parley-screen .screen=${screen}></parley-screen>` : nothing}
        </div>
        <parley-captions .call=${call}></parley-captions>
      </div>
      <ul class="people" aria-label="People in the room">
        ${call.people.map((person) => html`<li><parley-person .person=${person}></parley-person></li>`)}
      </ul>
    `;
  }

  override updated(): void {
    this.#level.follow(this.call.agentTrack);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#level.follow(null);
  }
}
