// Buttons are native ones with these classes: `button` (quiet), `primary`, `danger`, and `round` for icons.
import { css } from "lit";

export const buttons = css`
  .button {
    display: inline-flex; align-items: center; justify-content: center; gap: 0.5rem;
    min-height: 2.5rem; padding: 0.5rem 0.95rem; border: 1px solid var(--line); border-radius: var(--radius-m);
    background: var(--raised); color: var(--ink); font: 560 var(--text-m)/1.2 var(--font); text-decoration: none;
    white-space: nowrap; cursor: pointer; transition: background 120ms, border-color 120ms, color 120ms, transform 80ms;
    -webkit-tap-highlight-color: transparent;
  }
  .button:hover { border-color: var(--line-strong); }
  .button:active { transform: translateY(1px); }
  .button[disabled] { opacity: 0.55; cursor: default; transform: none; border-color: var(--line); }
  .button.primary { background: var(--accent); border-color: transparent; color: var(--accent-ink); }
  .button.primary:hover:not([disabled]) { background: var(--accent-hover); }
  .button.danger { background: var(--danger-solid); border-color: transparent; color: #fff; }
  .button.danger:hover { background: var(--danger-solid-hover); }
  .button.quiet { background: transparent; border-color: transparent; color: var(--ink-2); }
  .button.quiet:hover { background: color-mix(in srgb, var(--ink) 7%, transparent); color: var(--ink); }
  .button.large { min-height: 3rem; padding: 0.7rem 1.4rem; font-size: 1rem; }
  .button.wide { width: 100%; }
  .button.round { width: 2.5rem; padding: 0; border-radius: 50%; }
  .button svg { flex: none; }
`;
