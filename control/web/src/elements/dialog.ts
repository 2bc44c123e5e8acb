// A modal dialog over the native one, which brings the focus trap, Escape and the top layer. It is open
// for as long as it is in the document, and says `closed` when the person is done with it.
import { LitElement, css, html } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import { base } from "../styles/base.ts";
import { buttons } from "./buttons.ts";
import { icon } from "./icon.ts";

@customElement("parley-dialog")
export class Dialog extends LitElement {
  @property() heading = "";
  @property({ type: Boolean, reflect: true }) wide = false;
  @query("dialog") private dialog!: HTMLDialogElement;

  static override styles = [
    base,
    buttons,
    css`
      dialog {
        width: min(30rem, calc(100vw - 2rem)); max-height: min(44rem, calc(100svh - 2rem)); padding: 0;
        border: 1px solid var(--line); border-radius: var(--radius-l); background: var(--surface); color: var(--ink);
        box-shadow: var(--shadow-2); overflow: hidden;
      }
      :host([wide]) dialog { width: min(46rem, calc(100vw - 2rem)); }
      dialog[open] { display: flex; flex-direction: column; animation: rise 160ms ease-out; }
      dialog::backdrop { background: #050a0899; backdrop-filter: blur(3px); }
      .head { display: flex; align-items: center; gap: 1rem; padding: 1rem 1rem 0.5rem 1.5rem; }
      h2 { flex: 1; font-size: var(--text-xl); }
      .body { padding: 0.25rem 1.5rem 1.5rem; overflow: auto; }
      @keyframes rise { from { opacity: 0; transform: translateY(8px); } }
    `,
  ];

  override render() {
    return html`
      <dialog aria-labelledby="heading" @close=${this.#closed} @click=${this.#clicked}>
        <div class="head">
          <h2 id="heading">${this.heading}</h2>
          <button class="button quiet round" aria-label="Close" @click=${() => this.dialog.close()}>${icon("close")}</button>
        </div>
        <div class="body"><slot></slot></div>
      </dialog>
    `;
  }

  override firstUpdated(): void {
    this.dialog.showModal();
    // Browsers differ in whether they look for it in what is slotted.
    this.querySelector<HTMLElement>("[autofocus]")?.focus();
  }

  /** As if the person had closed it: the keyboard goes back to where it came from. */
  close(): void {
    this.dialog.close();
  }

  #closed(): void {
    this.dispatchEvent(new CustomEvent("closed"));
  }

  #clicked(event: MouseEvent): void {
    // The backdrop belongs to the dialog itself; its content sits in children.
    if (event.target === this.dialog) this.dialog.close();
  }
}
