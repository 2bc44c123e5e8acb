// What only an owner does: take everything along, and end it all.
import { LitElement, html, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { buttons } from "../elements/buttons.ts";
import { confirm } from "../elements/confirm.ts";
import { Form } from "../elements/form.ts";
import { icon } from "../elements/icon.ts";
import { part } from "../elements/part.ts";
import { saveFile } from "../elements/save.ts";
import { say } from "../elements/toast.ts";
import { tellSignedOut } from "../events.ts";
import type { Session } from "../session.ts";
import { base } from "../styles/base.ts";
import { parts } from "../styles/parts.ts";
import { deleteCompany, exportCompany } from "./api.ts";

@customElement("parley-end-company")
export class EndCompany extends LitElement {
  @property({ attribute: false }) session!: Session;

  readonly #exporting: Form = new Form(this, async () => {
    saveFile(await exportCompany(), `${fileName(this.session.tenant.name)}-${new Date().toISOString().slice(0, 10)}.jsonl`);
    say("The export is in your downloads.");
  });

  static override styles = [base, buttons, parts];

  override render(): TemplateResult {
    const { busy } = this.#exporting;
    return html`
      ${part("export", "Export", "Everything that the company has here, as JSON lines: people, rooms, conversations, agents, documents. Secrets are left out.", html`
        <form class="panel" @submit=${this.#exporting.submit}>
          ${this.#exporting.banner()}
          <div class="actions"><button class="button" ?disabled=${busy}>${icon("download", 18)}${busy ? "Collecting…" : "Export everything"}</button></div>
        </form>`)}
      ${part("end", "Delete the company", "Its rooms, transcripts, agents, documents and keys are gone for good. Its people keep their accounts.", html`
        <div class="panel"><div class="actions"><button class="button harm" @click=${this.#delete}>Delete ${this.session.tenant.name}…</button></div></div>`)}
    `;
  }

  readonly #delete = async (): Promise<void> => {
    const { name } = this.session.tenant;
    const done = await confirm({
      heading: `Delete ${name}?`,
      text: "This cannot be taken back, by nobody. Export first what you want to keep.",
      action: "Delete for good",
      isDangerous: true,
      typed: { label: `Type ${name}`, value: name },
      run: () => deleteCompany(name),
    });
    if (!done) return;
    say(`${name} is deleted.`);
    tellSignedOut(this);
  };
}

function fileName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "") || "company";
}
