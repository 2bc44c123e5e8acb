// After a meeting: why it ended, the way back in, and the transcript.
import { LitElement, css, html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { buttons } from "../elements/buttons.ts";
import { focusFirst } from "../elements/focus.ts";
import "../elements/frame.ts";
import { icon } from "../elements/icon.ts";
import { base } from "../styles/base.ts";
import { cards } from "../styles/cards.ts";
import type { Call } from "./call.ts";
import "./transcript.ts";
import type { Ending } from "./view.ts";

const WORDS: Record<Ending, readonly [string, string]> = {
  left: ["You left the meeting", "Parley leaves too, once nobody is in the room."],
  elsewhere: ["You joined from another tab", "This tab was disconnected, so that you are in the room once."],
  removed: ["You were removed from the meeting", "Someone with the right to do so ended your part in it."],
  closed: ["The meeting was closed", "The room is no longer open."],
  lost: ["The connection was lost", "The meeting could not be reached again. Check your network, then rejoin."],
};

@customElement("parley-left")
export class Left extends LitElement {
  @property({ attribute: false }) call!: Call;
  @state() private showsTranscript = false;

  static override styles = [
    base,
    buttons,
    cards,
    css`
      .card { text-align: center; }
      .card header { justify-items: center; }
      .actions { display: grid; gap: 0.6rem; }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    void this.call.thread.load();
  }

  override firstUpdated(): void {
    void focusFirst(this);
  }

  override render(): TemplateResult {
    const [heading, text] = WORDS[this.call.ending ?? "left"];
    return html`<parley-frame>
      <section class="card" aria-labelledby="title">
        <header><h1 id="title">${heading}</h1><p class="muted">${text}</p></header>
        <div class="actions">
          <button class="button primary large wide" autofocus @click=${() => this.dispatchEvent(new CustomEvent("rejoin"))}>Rejoin “${this.call.options.roomName}”</button>
          <button class="button large wide" @click=${() => (this.showsTranscript = true)}>${icon("transcript", 18)}Read the transcript</button>
          <button class="button quiet wide" @click=${() => this.dispatchEvent(new CustomEvent("lobby"))}>Back to the lobby</button>
        </div>
      </section>
    </parley-frame>
    ${this.showsTranscript ? html`<parley-transcript .thread=${this.call.thread} .room=${this.call.options.roomName}
      @closed=${() => (this.showsTranscript = false)}></parley-transcript>` : nothing}`;
  }
}
