// Where the keyboard starts on a new screen. The browser honours `autofocus` once per document only, and
// these screens follow each other in one.
import type { LitElement } from "lit";

export function focusFirst(host: LitElement): void {
  host.renderRoot.querySelector<HTMLElement>("[autofocus]")?.focus();
}
