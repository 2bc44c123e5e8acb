// The thread beside the stage: everything that was said and typed, and the box to type in.
import { LitElement, css, html, nothing, type TemplateResult } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import "../elements/banner.ts";
import { buttons } from "../elements/buttons.ts";
import { icon } from "../elements/icon.ts";
import { Observer } from "../observable.ts";
import { base } from "../styles/base.ts";
import { avatarStyles } from "./avatar.ts";
import type { Call } from "./call.ts";
import { entryStyles, renderEntry } from "./entries.ts";

const MAX_CHARS = 8_000;
const NEAR_END_PX = 80;

@customElement("parley-thread")
export class ThreadPanel extends LitElement {
  @property({ attribute: false }) call!: Call;
  @query(".scroll") private scroller!: HTMLElement;
  @query("textarea") private box!: HTMLTextAreaElement;
  #staysAtEnd = true;
  readonly #resized = new ResizeObserver(() => this.#toEnd());

  static override styles = [
    base,
    buttons,
    avatarStyles,
    entryStyles,
    css`
      :host { display: grid; grid-template-rows: minmax(0, 1fr) auto; border: 1px solid var(--line); border-radius: var(--radius-l); background: var(--surface); overflow: hidden; }
      .scroll { overflow-y: auto; overscroll-behavior: contain; padding: 0 1rem 1rem; }
      .empty { display: grid; place-content: center; justify-items: center; gap: 0.4rem; height: 100%; padding: 1.5rem; text-align: center; color: var(--ink-2); }
      .empty svg { color: var(--ink-3); }
      .empty h2 { color: var(--ink); font-size: var(--text-m); }
      .empty p { font-size: var(--text-s); max-width: 17rem; }
      form { display: flex; align-items: flex-end; gap: 0.4rem; margin: 0 0.65rem 0.65rem; padding: 0.3rem; border: 1px solid var(--line-strong); border-radius: 1.4rem; background: var(--raised); }
      form:focus-within { outline: var(--focus); outline-offset: 0; border-color: var(--accent); }
      textarea:focus-visible { outline: 0; }
      textarea { flex: 1; min-width: 0; max-height: 9rem; padding: 0.5rem 0.3rem 0.5rem 0.8rem; border: 0; outline: 0; resize: none; background: none; color: var(--ink); font: 400 1rem/1.4 var(--font); field-sizing: content; }
      textarea::placeholder { color: var(--ink-3); }
    `,
  ];

  constructor() {
    super();
    new Observer(this, () => this.call);
    new Observer(this, () => this.call.thread);
  }

  override render(): TemplateResult {
    const { entries, hasFailed } = this.call.thread;
    return html`
      <div class="scroll" tabindex="0" role="log" aria-live="off" aria-label="What was said and typed" @scroll=${this.#scrolled}>
        ${hasFailed ? html`<parley-banner tone="caution">What was said before could not be loaded.
          <button slot="action" class="button" @click=${() => this.call.thread.load()}>Try again</button></parley-banner>` : nothing}
        ${entries.length === 0 ? this.#renderEmpty() : html`<ol>
          ${repeat(entries, (entry) => entry.id, (entry, index) => renderEntry(entry, entries[index - 1], (unsent) => this.call.say(unsent.text, unsent.id)))}
        </ol>`}
      </div>
      <p class="visually-hidden" aria-live="polite">${this.#newestOfOthers()}</p>
      <form @submit=${this.#submit}>
        <textarea rows="1" aria-label="Message" placeholder="Write a message" maxlength=${MAX_CHARS} @keydown=${this.#key}></textarea>
        <button class="button primary round" aria-label="Send" title="Send (Enter)">${icon("send")}</button>
      </form>
    `;
  }

  #renderEmpty(): TemplateResult {
    if (this.call.connection === "failed") return html`<div class="empty"><p>What was said here shows once you are connected.</p></div>`;
    if (!this.call.thread.isLoaded) return html`<div class="empty"><p>Looking for what was said before…</p></div>`;
    return html`<div class="empty">${icon("thread", 26)}<h2>Nothing said yet</h2>
      <p>What is spoken and typed in this room stands here, as one thread.</p></div>`;
  }

  /** Captions are read out by themselves; what others type is read out from here. */
  #newestOfOthers(): string {
    const entry = this.call.thread.newestTyped;
    return entry === undefined || entry.identity === this.call.identity ? "" : `${entry.name} writes: ${entry.text}`;
  }

  override updated(): void {
    this.#toEnd();
  }

  override firstUpdated(): void {
    this.#resized.observe(this.scroller);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resized.disconnect();
  }

  #toEnd(): void {
    if (this.#staysAtEnd) this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  readonly #scrolled = (): void => {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    this.#staysAtEnd = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
  };

  readonly #key = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#send();
  };

  readonly #submit = (event: SubmitEvent): void => {
    event.preventDefault();
    this.#send();
  };

  #send(): void {
    const text = this.box.value.trim();
    if (text === "") return;
    this.box.value = "";
    this.#staysAtEnd = true;
    this.call.say(text);
  }
}
