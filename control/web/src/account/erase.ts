// Erasing oneself.
import { LitElement, html, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { buttons } from "../elements/buttons.ts";
import { confirm } from "../elements/confirm.ts";
import { part } from "../elements/part.ts";
import { say } from "../elements/toast.ts";
import { tellSignedOut } from "../events.ts";
import { base } from "../styles/base.ts";
import { parts } from "../styles/parts.ts";
import { eraseAccount, type Account } from "./api.ts";

@customElement("parley-erase")
export class Erase extends LitElement {
  @property({ attribute: false }) account!: Account;

  static override styles = [base, buttons, parts];

  override render(): TemplateResult {
    return part("erase", "Erase your account", "Your account, and what you said and wrote in every company, is removed for good. Transcripts keep the gap, not the words.", html`
      <div class="panel"><div class="actions"><button class="button harm" @click=${this.#erase}>Erase my account…</button></div></div>`);
  }

  readonly #erase = async (): Promise<void> => {
    const { email } = this.account.user;
    const done = await confirm({
      heading: "Erase your account?",
      text: "This cannot be taken back, by nobody. Companies that you alone own have to be handed over or deleted first.",
      action: "Erase for good",
      isDangerous: true,
      typed: { label: `Type ${email}`, value: email },
      run: () => eraseAccount(email),
    });
    if (!done) return;
    say("Your account is erased.");
    tellSignedOut(this);
  };
}
