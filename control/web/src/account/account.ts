// A person's own account. The parts below load what is theirs alone; what several need is loaded here.
import "../kit.ts";
import { LitElement, html, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Deployment } from "../api.ts";
import { buttons } from "../elements/buttons.ts";
import { focusFirst } from "../elements/focus.ts";
import { Loaded } from "../elements/loaded.ts";
import "../elements/shell.ts";
import type { Session } from "../session.ts";
import { base } from "../styles/base.ts";
import { parts } from "../styles/parts.ts";
import { account, factors, type Account, type Factors } from "./api.ts";
import "./companies.ts";
import "./erase.ts";
import "./factors.ts";
import "./identities.ts";
import "./password.ts";
import "./profile.ts";
import "./sessions.ts";

@customElement("parley-account")
export class AccountPage extends LitElement {
  @property({ attribute: false }) session!: Session;
  @property({ attribute: false }) deployment: Deployment | null = null;
  readonly #own = new Loaded(this, async () => {
    const [own, guards] = await Promise.all([account(), factors()]);
    return { own, guards };
  });

  static override styles = [base, buttons, parts];

  constructor() {
    super();
    this.addEventListener("changed", () => void this.#own.reload());
  }

  override firstUpdated(): void {
    void focusFirst(this);
  }

  override render(): TemplateResult {
    return html`<parley-shell .session=${this.session} place="account">
      <div class="top"><h1 tabindex="-1" autofocus>Account</h1><p class="muted">Who you are here, how you prove it, and where you are signed in.</p></div>
      ${this.#own.render(({ own, guards }) => this.#renderParts(own, guards))}
    </parley-shell>`;
  }

  #renderParts(own: Account, guards: Factors): TemplateResult {
    return html`
      <parley-profile .account=${own} .session=${this.session} .deployment=${this.deployment}></parley-profile>
      <parley-own-password .account=${own} .hasFactor=${guards.data.length > 0}></parley-own-password>
      <parley-factors .factors=${guards} .hasPassword=${own.has_password}></parley-factors>
      <parley-identities></parley-identities>
      <parley-sessions></parley-sessions>
      <parley-companies .account=${own} .session=${this.session}></parley-companies>
      <parley-erase .account=${own}></parley-erase>
    `;
  }
}
