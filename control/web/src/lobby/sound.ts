// The lobby's microphone part: which one, how loud, and what to do when there is none.
import { LitElement, css, html, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { buttons } from "../elements/buttons.ts";
import { field, fields } from "../elements/field.ts";
import { icon, type IconName } from "../elements/icon.ts";
import { Observer } from "../observable.ts";
import { base } from "../styles/base.ts";
import type { Microphone } from "./microphone.ts";
import "./meter.ts";

@customElement("parley-sound")
export class Sound extends LitElement {
  @property({ attribute: false }) microphone!: Microphone;

  static override styles = [
    base,
    buttons,
    fields,
    css`
      .help { display: grid; grid-template-columns: auto 1fr; gap: 0.3rem 0.8rem; padding: 1rem; border-radius: var(--radius-m); background: var(--sunken); }
      .help > svg { color: var(--ink-2); margin-top: 0.1rem; }
      .help h3 { font-size: var(--text-m); }
      .help p, .help .button { grid-column: 2; }
      .help p { font-size: var(--text-s); color: var(--ink-2); line-height: 1.5; }
      .help .button { justify-self: start; margin-top: 0.45rem; }
      .open { display: grid; gap: 0.9rem; }
    `,
  ];

  constructor() {
    super();
    new Observer(this, () => this.microphone);
  }

  override render(): TemplateResult {
    switch (this.microphone.state) {
      case "open":
        return this.#renderOpen();
      case "opening":
        return this.#renderHelp("mic", "Opening your microphone…", "If your browser asks, choose Allow.");
      case "unknown":
        return this.#renderHelp("mic", "Let Parley hear you", "Your browser will ask for the microphone. You stay in charge: mute it whenever you like.", "Allow microphone");
      case "denied":
        return this.#renderHelp("mic-off", "The microphone is blocked", `${howToAllow()} You can also join now and type.`, "Check again");
      case "missing":
        return this.#renderHelp("mic-off", "No microphone was found", "Plug one in, or close the program that holds it. You can also join now and type.", "Look again");
      case "insecure":
        return this.#renderHelp("shield", "No microphone on this address", "Browsers give the microphone only to https pages and to localhost. Open this page there, or join now and type.");
    }
  }

  #renderOpen(): TemplateResult {
    const { devices, deviceId } = this.microphone;
    return html`<div class="open">
      ${field({ id: "device", label: "Microphone" }, html`
        <select id="device" @change=${this.#choose}>
          ${devices.map((device, index) => html`
            <option value=${device.deviceId} ?selected=${device.deviceId === deviceId}>${device.label || `Microphone ${index + 1}`}</option>`)}
        </select>`)}
      <parley-meter .microphone=${this.microphone}></parley-meter>
    </div>`;
  }

  #renderHelp(symbol: IconName, heading: string, text: string, action?: string): TemplateResult {
    return html`<div class="help" role="status">
      ${icon(symbol)}<h3>${heading}</h3><p>${text}</p>
      ${action ? html`<button class="button" @click=${() => this.microphone.open()}>${action}</button>` : ""}
    </div>`;
  }

  readonly #choose = (event: Event): void => {
    void this.microphone.open((event.target as HTMLSelectElement).value);
  };
}

function howToAllow(): string {
  if (/firefox/i.test(navigator.userAgent)) return "Click the microphone symbol left of the address, remove the block and reload.";
  if (/safari/i.test(navigator.userAgent) && !/chrom/i.test(navigator.userAgent)) {
    return "Open Safari's menu, choose Settings for this website, and allow the microphone.";
  }
  return "Click the symbol left of the address, switch the microphone on for this site, then check again.";
}
