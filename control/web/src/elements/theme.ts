// Light, dark, or as the system says: the choice, and the button that goes through the three.
import { LitElement, html } from "lit";
import { customElement, state } from "lit/decorators.js";
import { recall, remember } from "../memory.ts";
import { base } from "../styles/base.ts";
import { buttons } from "./buttons.ts";
import { icon, type IconName } from "./icon.ts";

type Theme = "auto" | "light" | "dark";

const NEXT: Record<Theme, Theme> = { auto: "light", light: "dark", dark: "auto" };
const ICONS: Record<Theme, IconName> = { auto: "auto", light: "sun", dark: "moon" };
const NAMES: Record<Theme, string> = { auto: "as the system", light: "light", dark: "dark" };

/** Applies what was chosen before; called once, before anything is drawn. */
export function applyTheme(theme: Theme = chosen()): void {
  if (theme === "auto") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
}

function chosen(): Theme {
  const theme = recall("theme");
  return theme === "light" || theme === "dark" ? theme : "auto";
}

@customElement("parley-theme")
export class ThemeButton extends LitElement {
  @state() private theme: Theme = chosen();

  static override styles = [base, buttons];

  override render() {
    const label = `Theme: ${NAMES[this.theme]}. Switch to ${NAMES[NEXT[this.theme]]}`;
    return html`<button class="button quiet round" aria-label=${label} title=${label} @click=${this.#next}>
      ${icon(ICONS[this.theme])}
    </button>`;
  }

  #next(): void {
    this.theme = NEXT[this.theme];
    remember("theme", this.theme);
    applyTheme(this.theme);
  }
}
