// Initials on a tone that stays with the person.
import { css, html, type TemplateResult } from "lit";

const TONES = 6;

export function avatar(name: string, identity: string): TemplateResult {
  return html`<span class="avatar tone-${tone(identity)}" aria-hidden="true">${initials(name)}</span>`;
}

function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter((word) => word !== "");
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return letters.map((word) => [...(word ?? "?")][0]?.toUpperCase() ?? "?").join("");
}

/** Tabs of one person share the tone: the suffix does not count. */
function tone(identity: string): number {
  let sum = 0;
  for (const character of identity.split("-")[0] ?? "") sum = (sum * 31 + character.codePointAt(0)!) % 997;
  return sum % TONES;
}

export const avatarStyles = css`
  .avatar {
    display: inline-grid; place-content: center; flex: none; width: 2rem; height: 2rem; border-radius: 50%; font-size: var(--text-xs); font-weight: 650;
    letter-spacing: 0.01em; background: var(--tone); color: #fff;
  }
  .tone-0 { --tone: #3c5a4c; }
  .tone-1 { --tone: #4a5470; }
  .tone-2 { --tone: #6d4f3f; }
  .tone-3 { --tone: #2f5f68; }
  .tone-4 { --tone: #6a4358; }
  .tone-5 { --tone: #5c5a32; }
`;
