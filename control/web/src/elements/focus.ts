// Where the keyboard starts on a new screen. The browser honours `autofocus` once per document only, and
// these screens follow each other in one.
import type { LitElement } from "lit";

export async function focusFirst(host: LitElement): Promise<void> {
  // What lies in a frame's slot can be focused once the frame has drawn itself, which comes after its host.
  await new Promise((drawn) => setTimeout(drawn));
  host.renderRoot.querySelector<HTMLElement>("[autofocus]")?.focus();
}

/** To the heading of what has just changed, which is then read out. It carries `tabindex="-1"`. */
export async function focusHeading(host: LitElement): Promise<void> {
  await host.updateComplete;
  host.renderRoot.querySelector<HTMLElement>("h1, h2")?.focus();
}
