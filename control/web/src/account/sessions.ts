// Where one is signed in, and ending that.
import { LitElement, html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { buttons } from "../elements/buttons.ts";
import { confirm } from "../elements/confirm.ts";
import { focusHeading } from "../elements/focus.ts";
import { icon } from "../elements/icon.ts";
import { Loaded } from "../elements/loaded.ts";
import { part } from "../elements/part.ts";
import { say } from "../elements/toast.ts";
import { base } from "../styles/base.ts";
import { parts } from "../styles/parts.ts";
import { ago, device } from "../words.ts";
import { endOtherSessions, endSession, sessions, type OwnSession } from "./api.ts";

const METHODS: Record<string, string> = { password: "password", totp: "app code", recovery_code: "recovery code", passkey: "passkey", oidc: "identity provider" };

@customElement("parley-sessions")
export class Sessions extends LitElement {
  readonly #sessions = new Loaded(this, sessions);

  static override styles = [base, buttons, parts];

  override render(): TemplateResult {
    return part("sessions", "Sessions", "Where you are signed in. End what you do not know, then change your password.", html`
      <div class="panel">${this.#sessions.render((all) => html`
        <ul class="rows">${all.map((session) => this.#renderSession(session))}</ul>
        ${all.length > 1 ? html`<div class="actions"><button class="button" @click=${this.#endOthers}>Sign out everywhere else</button></div>` : nothing}
      `)}</div>`);
  }

  #renderSession(session: OwnSession): TemplateResult {
    const name = device(session.user_agent);
    const by = session.methods.map((method) => METHODS[method] ?? method).join(" and ");
    const facts = [session.tenant.name, session.address, by && `by ${by}`, session.is_current ? null : `seen ${ago(session.last_seen_at)}`];
    return html`<li>
      <span class="lead">${icon("device")}</span>
      <div class="what"><span class="name">${name} ${session.is_current ? html`<span class="tag on">this one</span>` : nothing}</span>
        <span class="meta">${facts.filter(Boolean).join(" · ")}</span></div>
      ${session.is_current ? nothing : html`<div class="do"><button class="button quiet small harm" @click=${() => this.#end(session, name)}>End<span class="visually-hidden"> ${name}</span></button></div>`}
    </li>`;
  }

  async #end(session: OwnSession, name: string): Promise<void> {
    const done = await confirm({
      heading: `End ${name}?`,
      text: "Whoever uses it has to sign in again.",
      action: "End the session",
      isDangerous: true,
      run: () => endSession(session.id),
    });
    if (done) await this.#shrunk("The session has ended.");
  }

  readonly #endOthers = async (): Promise<void> => {
    const done = await confirm({
      heading: "Sign out everywhere else?",
      text: "Every session of yours but this one ends.",
      action: "Sign out everywhere else",
      isDangerous: true,
      run: endOtherSessions,
    });
    if (done) await this.#shrunk("You are signed out everywhere else.");
  };

  async #shrunk(said: string): Promise<void> {
    say(said);
    await this.#sessions.reload();
    await focusHeading(this);
  }
}
