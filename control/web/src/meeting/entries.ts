// How the entries of a timeline look, in the thread beside a meeting and in the full transcript.
import { css, html, nothing, type TemplateResult } from "lit";
import { icon } from "../elements/icon.ts";
import { avatar } from "./avatar.ts";
import type { Entry } from "./timeline.ts";

const GROUP_MS = 120_000;
const STATE_WORDS: Partial<Record<Entry["state"], string>> = {
  interrupted: "interrupted", failed: "not finished", sending: "sending…", waiting: "waiting for the agent", unsent: "not sent",
};

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });

/** `retry` is offered for messages that were not sent. */
export function renderEntry(entry: Entry, before: Entry | undefined, retry?: (entry: Entry) => void): TemplateResult {
  const isNewDay = before === undefined || before.at.toDateString() !== entry.at.toDateString();
  const follows = !isNewDay && before.role === entry.role && before.name === entry.name && entry.at.getTime() - before.at.getTime() < GROUP_MS;
  return html`
    ${isNewDay ? html`<li class="day"><span>${day.format(entry.at)}</span></li>` : nothing}
    <li class="entry ${entry.role} ${entry.state} ${follows ? "follows" : ""}">
      ${follows ? nothing : html`
        ${entry.role === "agent" ? html`<span class="avatar spark" aria-hidden="true">${icon("agent", 17)}</span>` : avatar(entry.name, entry.identity)}
        <div class="by"><b>${entry.name}</b><time datetime=${entry.at.toISOString()}>${clock.format(entry.at)}</time>${channel(entry)}</div>`}
      <p class="text">${entry.text}${entry.state === "live" ? html`<span class="caret"></span>` : nothing}</p>
      ${STATE_WORDS[entry.state] ? html`<p class="state">${STATE_WORDS[entry.state]}${entry.state === "unsent" && retry
        ? html` · <button @click=${() => retry(entry)}>try again</button>` : nothing}</p>` : nothing}
    </li>
  `;
}

function channel(entry: Entry): TemplateResult {
  if (entry.role === "agent") return html`${nothing}`;
  const isSpoken = entry.channel === "voice";
  return html`<span class="channel" title=${isSpoken ? "spoken" : "typed"}>${icon(isSpoken ? "mic" : "thread", 13)}<span class="visually-hidden">${isSpoken ? "spoken" : "typed"}</span></span>`;
}

export const entryStyles = css`
  .entry { display: grid; grid-template-columns: 2rem minmax(0, 1fr); gap: 0.1rem 0.7rem; padding-top: 0.95rem; }
  .entry.follows { padding-top: 0.3rem; }
  .entry > .avatar { grid-row: 1 / span 2; margin-top: 0.1rem; }
  .entry > :not(.avatar) { grid-column: 2; }
  .spark { --tone: var(--accent-soft); color: var(--accent); }
  .by { display: flex; align-items: baseline; gap: 0.45rem; font-size: var(--text-s); min-width: 0; }
  .by b { font-weight: 620; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .agent .by b { color: var(--accent); }
  .by time { color: var(--ink-3); font-size: var(--text-xs); font-variant-numeric: tabular-nums; }
  .channel { color: var(--ink-3); align-self: center; display: inline-flex; }
  .text { white-space: pre-wrap; overflow-wrap: anywhere; line-height: 1.5; }
  .sending .text, .waiting .text, .unsent .text { color: var(--ink-2); }
  .entry .state { font-size: var(--text-xs); color: var(--ink-3); }
  .unsent .state { color: var(--danger); }
  .state button { border: 0; padding: 0; background: none; color: inherit; font: inherit; text-decoration: underline; cursor: pointer; }
  .caret { display: inline-block; width: 0.5em; height: 1em; margin-left: 0.15em; vertical-align: -0.12em; border-radius: 2px; background: var(--accent); animation: blink 1s steps(2) infinite; }
  .day { display: flex; align-items: center; gap: 0.75rem; padding-top: 1rem; color: var(--ink-3); font-size: var(--text-xs); }
  .day::before, .day::after { content: ""; flex: 1; border-top: 1px solid var(--line); }
  @keyframes blink { 50% { opacity: 0; } }
`;
