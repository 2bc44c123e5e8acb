// A company's agents and what they quote; one agent under an address of its own, so that a link leads to it.
import "../kit.ts";
import { LitElement, html, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { keyed } from "lit/directives/keyed.js";
import { focusFirst } from "../elements/focus.ts";
import { Loaded } from "../elements/loaded.ts";
import "../elements/shell.ts";
import { goTo } from "../events.ts";
import { isAdmin, type Session } from "../session.ts";
import { base } from "../styles/base.ts";
import { parts } from "../styles/parts.ts";
import { agents, documents, type Agent, type Document } from "./api.ts";
import "./documents.ts";
import "./editor.ts";
import "./list.ts";
import "./versions.ts";

const NEW = "new";

@customElement("parley-agents")
export class AgentsPage extends LitElement {
  @property({ attribute: false }) session!: Session;
  /** What stands behind the `?`. */
  @property() query = "";
  readonly #all = new Loaded(this, async () => {
    const [known, texts] = await Promise.all([agents(), documents()]);
    return { known, texts };
  });

  static override styles = [base, parts];

  constructor() {
    super();
    this.addEventListener("changed", () => void this.#all.reload());
  }

  override updated(changed: Map<string, unknown>): void {
    if (changed.has("query")) void focusFirst(this);
  }

  override render(): TemplateResult {
    const query = new URLSearchParams(this.query);
    const [name, makesNew] = [query.get("agent"), query.has(NEW)];
    return html`<parley-shell .session=${this.session} place="agents">
      ${this.#renderTop(makesNew ? "New agent" : (name ?? "Agents"), name === null && !makesNew)}
      ${this.#all.render(({ known, texts }) => {
        if (makesNew && isAdmin(this.session)) return this.#renderEditor(null, texts);
        if (name === null) return this.#renderList(known, texts);
        const agent = known.find((candidate) => candidate.name === name);
        return agent === undefined ? html`<div class="panel"><p>There is no agent “${name}” any more. <a href="/agents">All agents</a></p></div>` : this.#renderEditor(agent, texts);
      })}
    </parley-shell>`;
  }

  readonly #made = async (): Promise<void> => {
    await this.#all.reload();
    goTo(this, "/agents");
  };

  #renderTop(heading: string, isList: boolean): TemplateResult {
    return html`<div class="top">
      ${isList ? "" : html`<p><a href="/agents">All agents</a></p>`}
      <h1 tabindex="-1" autofocus>${heading}</h1>
      ${isList ? html`<p class="muted">Who joins the rooms of ${this.session.tenant.name}, what they are told, and what they may quote.</p>` : ""}
    </div>`;
  }

  #renderList(known: readonly Agent[], texts: readonly Document[]): TemplateResult {
    const administers = isAdmin(this.session);
    return html`
      <parley-agent-list .agents=${known} ?administers=${administers}></parley-agent-list>
      <parley-documents .documents=${texts} ?administers=${administers}></parley-documents>
    `;
  }

  #renderEditor(agent: Agent | null, texts: readonly Document[]): TemplateResult {
    const administers = isAdmin(this.session);
    return html`${keyed(agent?.name, html`
      <parley-agent-editor .agent=${agent} .documents=${texts} ?administers=${administers} @made=${this.#made}></parley-agent-editor>
      ${agent === null ? "" : html`<parley-agent-versions .agent=${agent} ?administers=${administers}></parley-agent-versions>`}
    `)}`;
  }
}
