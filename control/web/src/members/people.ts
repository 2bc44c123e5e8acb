// The people of a company: which role each has, another one, and the way out.
import { LitElement, html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { buttons } from "../elements/buttons.ts";
import { confirm } from "../elements/confirm.ts";
import { fields } from "../elements/field.ts";
import { focusHeading } from "../elements/focus.ts";
import { Loaded } from "../elements/loaded.ts";
import { part } from "../elements/part.ts";
import { say } from "../elements/toast.ts";
import { tellSession } from "../events.ts";
import { isAdmin, type Role, type Session } from "../session.ts";
import { base } from "../styles/base.ts";
import { parts } from "../styles/parts.ts";
import { day } from "../words.ts";
import { changeRole, people, removePerson, signOutPerson, transferCompany, type Person } from "./api.ts";
import { mayManage, ROLE_NAMES, roleChoice } from "./roles.ts";

@customElement("parley-people")
export class People extends LitElement {
  @property({ attribute: false }) session!: Session;
  readonly #people = new Loaded(this, people);

  static override styles = [base, buttons, fields, parts];

  override render(): TemplateResult {
    const text = isAdmin(this.session) ? "Whose role changes has to sign in again. Whoever is removed leaves every meeting at once." : "Owners and admins change who belongs here.";
    return part("people", "People", text, html`
      <div class="panel">${this.#people.render((all) => html`<ul class="rows">${all.map((person) => this.#renderPerson(person))}</ul>`)}</div>`);
  }

  #renderPerson(person: Person): TemplateResult {
    const isSelf = person.id === this.session.identity;
    const guard = person.has_second_factor === false ? " · no second factor" : "";
    return html`<li>
      <span class="lead" aria-hidden="true">${[...person.name][0]?.toUpperCase()}</span>
      <div class="what"><span class="name">${person.name} <span class="tag ${person.role === "member" ? "" : "on"}">${ROLE_NAMES[person.role]}</span>${isSelf ? html` <span class="tag">you</span>` : nothing}</span>
        <span class="meta">${person.email} · since ${day(person.created_at)}${guard}</span></div>
      ${isSelf || !mayManage(this.session.role, person.role) ? nothing : this.#renderDeeds(person)}
    </li>`;
  }

  #renderDeeds(person: Person): TemplateResult {
    const whose = html`<span class="visually-hidden"> ${person.name}</span>`;
    return html`<div class="do">
      <button class="button quiet small" @click=${() => this.#changeRole(person)}>Change role<span class="visually-hidden"> of ${person.name}</span></button>
      ${this.session.role === "owner" ? html`<button class="button quiet small" @click=${() => this.#transfer(person)}>Hand over<span class="visually-hidden"> to ${person.name}</span></button>` : nothing}
      <button class="button quiet small" @click=${() => this.#signOut(person)}>Sign out${whose}</button>
      <button class="button quiet small harm" @click=${() => this.#remove(person)}>Remove${whose}</button>
    </div>`;
  }

  async #changeRole(person: Person): Promise<void> {
    const done = await confirm({
      heading: `Role of ${person.name}`,
      text: roleChoice(this.session.role, person.role),
      action: "Change role",
      run: (data) => changeRole(person.id, String(data.get("role")) as Role),
    });
    if (done) await this.#changed(`${person.name}'s role is changed.`);
  }

  async #transfer(person: Person): Promise<void> {
    let session: Session | null = null;
    const { name } = this.session.tenant;
    await confirm({
      heading: `Hand ${name} over to ${person.name}?`,
      text: `${person.name} becomes an owner, and you become an admin. Only they can give it back.`,
      action: "Hand over",
      isDangerous: true,
      typed: { label: `Type ${name}`, value: name },
      run: async () => {
        session = await transferCompany(person.id);
      },
    });
    if (session === null) return;
    say(`${name} is ${person.name}'s now.`);
    tellSession(this, session);
  }

  async #signOut(person: Person): Promise<void> {
    const done = await confirm({
      heading: `Sign ${person.name} out?`,
      text: "Every session of theirs in this company ends, such as one on a device that was lost. They can sign in again.",
      action: "Sign out everywhere",
      run: () => signOutPerson(person.id),
    });
    if (done) say(`${person.name} is signed out.`);
  }

  async #remove(person: Person): Promise<void> {
    const done = await confirm({
      heading: `Remove ${person.name}?`,
      text: "They lose the company's rooms and transcripts at once. Their account stays theirs.",
      action: "Remove",
      isDangerous: true,
      run: () => removePerson(person.id),
    });
    if (!done) return;
    await this.#changed(`${person.name} is removed.`);
  }

  async #changed(said: string): Promise<void> {
    say(said);
    await this.#people.reload();
    await focusHeading(this);
  }
}
