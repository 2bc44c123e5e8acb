// A page of settings: its heading, and parts with what they are on the left and what can be done on the right.
import { css } from "lit";

export const parts = css`
  .top { display: grid; gap: 0.4rem; padding-bottom: clamp(1.25rem, 3vw, 1.75rem); }
  .top p { max-width: 68ch; }
  h1:focus, h2:focus { outline: 0; }
  .part { display: grid; gap: 1rem; padding: clamp(1.5rem, 4vw, 2.25rem) 0; border-top: 1px solid var(--line); }
  .about { display: grid; gap: 0.4rem; align-content: start; }
  .about p { color: var(--ink-2); max-width: 46ch; }
  .panel { display: grid; gap: 1.25rem; align-content: start; align-self: start; min-width: 0; padding: clamp(1rem, 3vw, 1.5rem); border: 1px solid var(--line); border-radius: var(--radius-l); background: var(--surface); }
  .stack { display: grid; gap: 1.1rem; }
  .pair { display: grid; gap: 1.1rem; align-items: start; }
  .actions { display: flex; flex-wrap: wrap; gap: 0.6rem; align-items: center; }
  .actions.end { justify-content: flex-end; }
  .loading { color: var(--ink-3); }
  .empty { display: grid; gap: 0.2rem; color: var(--ink-2); }
  .empty strong { color: var(--ink); font-weight: 580; }

  .rows > li { display: flex; flex-wrap: wrap; align-items: center; gap: 0.6rem 1rem; padding: 0.85rem 0; }
  .rows > li + li { border-top: 1px solid var(--line); }
  .rows > li:first-child { padding-top: 0; }
  .rows > li:last-child { padding-bottom: 0; }
  .below { padding-top: 1.25rem; border-top: 1px solid var(--line); }
  .rows .what { flex: 1 1 12rem; min-width: 0; display: grid; gap: 0.15rem; }
  .rows .name { display: flex; flex-wrap: wrap; align-items: center; gap: 0.3rem 0.55rem; font-weight: 580; overflow-wrap: anywhere; }
  .rows .meta { font-size: var(--text-s); color: var(--ink-3); overflow-wrap: anywhere; }
  .rows .do { display: flex; flex-wrap: wrap; justify-content: flex-end; gap: 0.25rem; margin: 0 -0.5rem 0 auto; }
  .rows .lead { display: grid; place-content: center; flex: none; width: 2.25rem; height: 2.25rem; border-radius: 50%; background: var(--accent-soft); color: var(--accent); font-weight: 620; }
  .button.small { min-height: 2.25rem; padding: 0.4rem 0.7rem; font-size: var(--text-s); }
  .button.harm { color: var(--danger); }
  .button.harm:hover { color: var(--danger); background: var(--danger-soft); }
  .tag { padding: 0.05rem 0.5rem; border-radius: 99px; background: var(--sunken); color: var(--ink-2); font-size: var(--text-xs); font-weight: 600; line-height: 1.6; white-space: nowrap; }
  .tag.on { background: var(--accent-soft); color: var(--accent); }
  .tag.off { background: var(--caution-soft); color: var(--caution-ink); }
  .ticks { display: grid; padding-left: 1.75rem; }
  @media (min-width: 34rem) { .ticks { grid-template-columns: 1fr 1fr; column-gap: 1rem; } }
  details > summary { padding: 0.25rem 0; color: var(--ink-2); font-weight: 560; cursor: pointer; }
  details > .stack { padding-top: 0.85rem; }
  .meta { font-size: var(--text-s); color: var(--ink-3); }
  code { font: 400 0.92em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
  @media (min-width: 34rem) { .pair { grid-template-columns: 1fr 1fr; gap: 0.9rem; } }
  @media (min-width: 58rem) { .part { grid-template-columns: 17rem minmax(0, 1fr); gap: 3rem; } }
`;
