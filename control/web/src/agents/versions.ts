// The versions of an agent, and going back to one.
import { LitElement, html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { buttons } from "../elements/buttons.ts";
import { confirm } from "../elements/confirm.ts";
import { focusHeading } from "../elements/focus.ts";
import { Loaded } from "../elements/loaded.ts";
import { part } from "../elements/part.ts";
import { say } from "../elements/toast.ts";
import { tellChanged } from "../events.ts";
import { base } from "../styles/base.ts";
import { parts } from "../styles/parts.ts";
import { ago } from "../words.ts";
import { activateVersion, agentVersions, type Agent, type AgentVersion } from "./api.ts";

const SHOWN_CHARS = 140;

@customElement("parley-agent-versions")
export class AgentVersions extends LitElement {
  @property({ attribute: false }) agent!: Agent;
  @property({ type: Boolean }) administers = false;
  readonly #versions = new Loaded(this, () => agentVersions(this.agent.name));

  static override styles = [base, buttons, parts];

  override updated(changed: Map<string, unknown>): void {
    const before = changed.get("agent") as Agent | undefined;
    if (before !== undefined && before.version !== this.agent.version) void this.#versions.reload();
  }

  override render(): TemplateResult {
    return part("versions", "Versions", "Each change is kept. The one in use joins rooms from the next time on.", html`
      <div class="panel">${this.#versions.render((all) => html`<ul class="rows">${all.map((version) => this.#renderVersion(version))}</ul>`)}</div>`);
  }

  #renderVersion(version: AgentVersion): TemplateResult {
    const isUsed = version.version === this.agent.version;
    const told = version.prompt.length > SHOWN_CHARS ? `${version.prompt.slice(0, SHOWN_CHARS)}…` : version.prompt;
    return html`<li>
      <div class="what"><span class="name">Version ${version.version} ${isUsed ? html`<span class="tag on">in use</span>` : nothing}</span>
        <span class="meta">${ago(version.created_at)} · ${version.display_name}</span><span class="meta">${told || "Nothing told"}</span></div>
      ${this.administers && !isUsed ? html`<div class="do"><button class="button quiet small" @click=${() => this.#activate(version.version)}>Use<span class="visually-hidden"> version ${version.version}</span></button></div>` : nothing}
    </li>`;
  }

  async #activate(version: number): Promise<void> {
    const done = await confirm({
      heading: `Use version ${version}?`,
      text: `It takes the place of version ${this.agent.version}, which is kept.`,
      action: `Use version ${version}`,
      run: () => activateVersion(this.agent.name, version),
    });
    if (!done) return;
    say(`Version ${version} is in use now.`);
    tellChanged(this);
    await focusHeading(this);
  }
}
