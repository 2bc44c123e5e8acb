// A shared screen, one's own or another's.
import { LitElement, css, html, type TemplateResult } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import { icon } from "../elements/icon.ts";
import { base } from "../styles/base.ts";
import type { SharedScreen } from "./view.ts";

@customElement("parley-screen")
export class ScreenView extends LitElement {
  @property({ attribute: false }) screen!: SharedScreen;
  @query("video") private video!: HTMLVideoElement;
  #track: MediaStreamTrack | undefined;

  static override styles = [
    base,
    css`
      :host { display: grid; grid-template: minmax(0, 1fr) / minmax(0, 1fr); min-height: 0; }
      figure { position: relative; min-height: 0; border-radius: var(--radius-m); overflow: hidden; background: #070b09; }
      video { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: contain; transition: opacity 200ms; }
      .paused video { opacity: 0.25; }
      figcaption {
        position: absolute; left: 0.6rem; bottom: 0.6rem; display: inline-flex; align-items: center; gap: 0.45rem; max-width: calc(100% - 1.2rem);
        padding: 0.3rem 0.65rem; border-radius: 99px; background: #0b110fd9; color: #e9f0eb; font-size: var(--text-xs); font-weight: 560;
      }
    `,
  ];

  override render(): TemplateResult {
    const { screen } = this;
    const whose = screen.isLocal ? "You share your screen" : `${screen.name} shares a screen`;
    return html`<figure class=${screen.isPaused ? "paused" : ""}>
      <video muted autoplay playsinline aria-label=${whose}></video>
      <figcaption>${icon(screen.isPaused ? "pause" : "screen", 15)}${screen.isPaused ? `${whose}, paused` : `${whose} · the agent sees one frame a second`}</figcaption>
    </figure>`;
  }

  override updated(): void {
    if (this.#track === this.screen.track) return;
    this.#track = this.screen.track;
    this.video.srcObject = new MediaStream([this.#track]);
    this.video.muted = true;
    void this.video.play().catch(() => undefined);
  }
}
