// One person: initials, name, microphone, connection; the ring glows while they speak.
import { LitElement, css, html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { icon } from "../elements/icon.ts";
import { base } from "../styles/base.ts";
import { avatar, avatarStyles } from "./avatar.ts";
import type { Person, Quality } from "./view.ts";

const QUALITY_WORDS: Record<Quality, string> = {
  unknown: "connection unknown", good: "good connection", poor: "weak connection", lost: "connection lost",
};

@customElement("parley-person")
export class PersonTile extends LitElement {
  @property({ attribute: false }) person!: Person;

  static override styles = [
    base,
    avatarStyles,
    css`
      .tile {
        display: flex; align-items: center; gap: 0.55rem; padding: 0.3rem 0.75rem 0.3rem 0.3rem; border: 1px solid var(--line); border-radius: 99px;
        background: var(--raised); font-size: var(--text-s); font-weight: 560; max-width: 16rem;
      }
      .avatar { transition: box-shadow 140ms; }
      .speaking .avatar { box-shadow: 0 0 0 2px var(--raised), 0 0 0 4.5px var(--accent); }
      .name { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
      .you { font-weight: 400; color: var(--ink-3); }
      svg { flex: none; color: var(--ink-3); }
      .bars { display: flex; align-items: flex-end; gap: 2px; height: 12px; flex: none; }
      .bars i { width: 3px; border-radius: 1px; background: var(--line-strong); height: 4px; opacity: 0.45; }
      .bars i:nth-child(2) { height: 8px; }
      .bars i:nth-child(3) { height: 12px; }
      .good i, .poor i:nth-child(1) { background: var(--accent); opacity: 1; }
      .poor i:nth-child(1), .lost i:nth-child(1) { background: var(--danger); opacity: 1; }
    `,
  ];

  override render(): TemplateResult {
    const { person } = this;
    return html`<div class="tile ${person.isSpeaking ? "speaking" : ""}">
      ${avatar(person.name, person.identity)}
      <span class="name">${person.name}${person.isLocal ? html` <span class="you">you</span>` : nothing}</span>
      ${person.isSharing ? html`${icon("screen", 15)}<span class="visually-hidden">shares a screen</span>` : nothing}
      ${person.isMuted ? html`${icon("mic-off", 15)}<span class="visually-hidden">microphone off</span>` : nothing}
      ${person.isSpeaking ? html`<span class="visually-hidden">speaking</span>` : nothing}
      <span class="bars ${person.quality}" role="img" aria-label=${QUALITY_WORDS[person.quality]} title=${QUALITY_WORDS[person.quality]}><i></i><i></i><i></i></span>
    </div>`;
  }
}
