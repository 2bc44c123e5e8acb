// Where the keyboard starts on a new screen. The browser honours `autofocus` once per document only, and
// these screens follow each other in one.
import type { LitElement } from "lit";

export function focusFirst(host: LitElement): void {
  host.renderRoot.querySelector<HTMLElement>("[autofocus]")?.focus();
}

/** To the heading of what has just changed, which is then read out. It carries `tabindex="-1"`. */
export async function focusHeading(host: LitElement): Promise<void> {
  await host.updateComplete;
  host.renderRoot.querySelector<HTMLElement>("h1, h2")?.focus();
}
