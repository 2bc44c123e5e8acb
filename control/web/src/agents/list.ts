// The agents of a company.
import { LitElement, html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { buttons } from "../elements/buttons.ts";
import { confirm } from "../elements/confirm.ts";
import { focusHeading } from "../elements/focus.ts";
import { icon } from "../elements/icon.ts";
import { empty, part } from "../elements/part.ts";
import { say } from "../elements/toast.ts";
import { tellChanged } from "../events.ts";
import { base } from "../styles/base.ts";
import { parts } from "../styles/parts.ts";
import { ago } from "../words.ts";
import { changeAgent, deleteAgent, type Agent } from "./api.ts";

@customElement("parley-agent-list")
export class AgentList extends LitElement {
  @property({ attribute: false }) agents: readonly Agent[] = [];
  @property({ type: Boolean }) administers = false;

  static override styles = [base, buttons, parts];

  override render(): TemplateResult {
    const text = this.administers ? "The default joins every room that names no other. A change counts from the next time that an agent joins." : "Owners and admins make and change them.";
    return part("agents", "Agents", text, html`
      <div class="panel">
        ${this.agents.length === 0
          ? empty("No agent of your own yet", "Until you make one, Parley joins as it is.")
          : html`<ul class="rows">${this.agents.map((agent) => this.#renderAgent(agent))}</ul>`}
        ${this.administers ? html`<div class="actions"><a class="button" href="/agents?new">${icon("plus", 18)}Make an agent</a></div>` : nothing}
      </div>`);
  }

  #renderAgent(agent: Agent): TemplateResult {
    const quotes = agent.documents === "all" ? "quotes all documents" : agent.documents.length === 0 ? "quotes nothing" : `quotes ${agent.documents.length} of the documents`;
    const whose = html`<span class="visually-hidden"> ${agent.display_name}</span>`;
    return html`<li>
      <span class="lead">${icon("agent")}</span>
      <div class="what"><span class="name">${agent.display_name} <code>${agent.name}</code>${agent.is_default ? html` <span class="tag on">default</span>` : nothing}</span>
        <span class="meta">Version ${agent.version} · ${agent.language} · ${quotes} · changed ${ago(agent.updated_at)}</span></div>
      <div class="do">
        <a class="button quiet small" href="/agents?agent=${agent.name}">${this.administers ? "Edit" : "See"}${whose}</a>
        ${this.administers && !agent.is_default ? html`<button class="button quiet small" @click=${() => this.#makeDefault(agent)}>Make default${whose}</button>` : nothing}
        ${this.administers && (!agent.is_default || this.agents.length === 1) ? html`<button class="button quiet small harm" @click=${() => this.#delete(agent)}>Delete${whose}</button>` : nothing}
      </div>
    </li>`;
  }

  async #makeDefault(agent: Agent): Promise<void> {
    const done = await confirm({
      heading: `Make “${agent.display_name}” the default?`,
      text: "It joins every room that names no other agent.",
      action: "Make it the default",
      run: () => changeAgent(agent.name, { is_default: true }),
    });
    if (done) await this.#changed(`“${agent.display_name}” is the default.`);
  }

  async #delete(agent: Agent): Promise<void> {
    const done = await confirm({
      heading: `Delete “${agent.display_name}”?`,
      text: "All of its versions are gone. Its rooms get the default agent.",
      action: "Delete",
      isDangerous: true,
      run: () => deleteAgent(agent.name),
    });
    if (done) await this.#changed(`“${agent.display_name}” is deleted.`);
  }

  async #changed(said: string): Promise<void> {
    say(said);
    tellChanged(this);
    await focusHeading(this);
  }
}
