// The meeting's buttons.
import { LitElement, css, html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { buttons } from "../elements/buttons.ts";
import { icon, type IconName } from "../elements/icon.ts";
import { Observer } from "../observable.ts";
import { base } from "../styles/base.ts";
import type { Call } from "./call.ts";

const CAN_SHARE = "mediaDevices" in navigator && "getDisplayMedia" in navigator.mediaDevices;

interface Control {
  readonly symbol: IconName;
  readonly label: string;
  readonly look?: "on" | "off" | "plain";
  readonly pressed?: boolean;
  readonly hint?: string;
  readonly press: () => void;
}

@customElement("parley-controls")
export class Controls extends LitElement {
  @property({ attribute: false }) call!: Call;
  @property({ type: Boolean }) threadShown = false;

  static override styles = [
    base,
    buttons,
    css`
      :host { display: flex; justify-content: center; padding: 0.65rem 0.5rem calc(0.65rem + env(safe-area-inset-bottom)); }
      .bar { display: flex; align-items: stretch; justify-content: center; gap: 0.3rem; }
      .control {
        display: grid; justify-items: center; align-content: center; gap: 0.25rem; min-width: 4.1rem; min-height: 3.5rem; padding: 0.4rem 0.5rem; border: 1px solid transparent;
        border-radius: var(--radius-m); background: transparent; color: var(--ink-2); font: 520 var(--text-xs)/1.1 var(--font); cursor: pointer;
        transition: background 120ms, color 120ms; -webkit-tap-highlight-color: transparent;
      }
      .control:hover { background: color-mix(in srgb, var(--ink) 7%, transparent); color: var(--ink); }
      .control[disabled] { opacity: 0.45; cursor: default; }
      .control.on { background: var(--accent-soft); color: var(--accent); }
      .control.off { color: var(--danger); background: var(--danger-soft); }
      .control.leave { background: var(--danger-solid); color: #fff; }
      .control.leave:hover { background: var(--danger-solid-hover); }
      .gap { width: 1px; margin: 0.5rem 0.35rem; background: var(--line); }
      @media (max-width: 30rem) {
        .bar { gap: 0.15rem; width: 100%; }
        .control { min-width: 0; flex: 1; padding: 0.4rem 0; font-size: 0.6875rem; white-space: nowrap; }
        .gap { display: none; }
      }
    `,
  ];

  constructor() {
    super();
    new Observer(this, () => this.call);
  }

  override render(): TemplateResult {
    return html`<div class="bar" role="toolbar" aria-label="Meeting controls">
      ${this.#renderMicrophone()} ${CAN_SHARE ? this.#renderShare() : nothing} ${this.#renderAgent()}
      <span class="gap"></span>
      ${this.#render({
        symbol: "thread", label: "Thread", look: this.threadShown ? "on" : "plain", pressed: this.threadShown,
        press: () => this.dispatchEvent(new CustomEvent("thread")),
      }, false)}
      <button class="control leave" @click=${() => this.call.leave()}>${icon("leave")}<span>Leave</span></button>
    </div>`;
  }

  #renderMicrophone(): TemplateResult {
    const isOn = this.call.microphone === "on";
    const label = isOn ? "Mute" : this.call.microphone === "unavailable" ? "No mic" : "Unmute";
    return this.#render({
      symbol: isOn ? "mic" : "mic-off", label, look: isOn ? "plain" : "off", pressed: isOn,
      hint: "Microphone (M; hold M to talk)", press: () => void this.call.setMicrophone(!isOn),
    });
  }

  #renderShare(): TemplateResult {
    const { call } = this;
    if (call.share === "none") {
      return this.#render({ symbol: "screen", label: "Share", hint: "Share your screen: the agent sees one frame a second", press: () => void call.startShare() });
    }
    const isPaused = call.share === "paused";
    return html`
      ${this.#render({ symbol: isPaused ? "play" : "pause", label: isPaused ? "Resume" : "Pause", look: "on", hint: isPaused ? "Show your screen again" : "Nobody sees your screen while it is paused", press: () => void call.pauseShare(!isPaused) })}
      ${this.#render({ symbol: "stop", label: "Stop", hint: "Stop sharing your screen", press: () => void call.stopShare() })}
    `;
  }

  #renderAgent(): TemplateResult {
    const isMuted = this.call.agent?.isMuted ?? false;
    return this.#render({
      symbol: isMuted ? "agent-off" : "agent", label: isMuted ? "Unmute AI" : "Mute AI", look: isMuted ? "off" : "plain", pressed: isMuted,
      hint: isMuted ? "Let the agent answer again" : "The agent keeps listening and stays silent", press: () => void this.call.muteAgent(!isMuted),
    }, this.call.agent === null || this.call.connection !== "connected");
  }

  #render(control: Control, disabled = this.call.connection !== "connected"): TemplateResult {
    return html`<button class="control ${control.look ?? "plain"}" title=${control.hint ?? nothing} ?disabled=${disabled}
      aria-pressed=${control.pressed === undefined ? nothing : String(control.pressed)} @click=${control.press}>
      ${icon(control.symbol)}<span>${control.label}</span>
    </button>`;
  }
}
