// One thread of what was said and typed: turns as control stored them, and what happened since, as the
// room showed it. The stored turn is the truth; a live entry gives way to the stored turn that tells the
// same, so that nothing stands there twice after a reload or a reconnect.
import type { Turn } from "../api.ts";

export type EntryState = "live" | "complete" | "interrupted" | "failed" | "sending" | "waiting" | "unsent";

export interface Entry {
  readonly id: string;
  readonly role: "user" | "agent";
  readonly identity: string;
  readonly name: string;
  readonly channel: Turn["channel"];
  readonly text: string;
  readonly state: EntryState;
  readonly at: Date;
}

/** How far apart the clocks and the moments of storing and showing may be. */
const SAME_MS = 90_000;

/** `live` in the order of happening; `stored` in order of `seq`. */
export function mergeTimeline(stored: readonly Turn[], live: readonly Entry[]): Entry[] {
  const kept = uncovered(stored, live);
  const entries = stored.filter((turn) => turn.text !== "").map((turn) => entryOf(turn, live));
  for (const entry of kept) {
    const after = entries.findLastIndex((other) => other.at.getTime() <= entry.at.getTime());
    entries.splice(after + 1, 0, entry);
  }
  return entries;
}

/** The live entries that no stored turn tells; a turn tells as much as it has words for. */
export function uncovered(stored: readonly Turn[], live: readonly Entry[]): Entry[] {
  const rest = new Map(stored.map((turn) => [turn, plain(turn.text)]));
  return live.filter((entry) => {
    for (const [turn, words] of rest) {
      const left = afterTelling(turn, words, entry);
      if (left === null) continue;
      if (left === "") rest.delete(turn);
      else rest.set(turn, left);
      return false;
    }
    return true;
  });
}

/**
 * What remains of `words`, a turn's, once `entry` is told by them; null when they do not tell it. One
 * turn may tell several captions, and a turn that was cut short tells the whole caption that it began.
 */
function afterTelling(turn: Turn, words: string, entry: Entry): string | null {
  if (turn.role !== entry.role || Math.abs(Date.parse(turn.at) - entry.at.getTime()) > SAME_MS) return null;
  if (entry.role === "user" && person(turn.speaker.identity) !== person(entry.identity)) return null;
  const text = plain(entry.text);
  if (words === "" || text === "") return null;
  if (words.startsWith(text)) return words.slice(text.length).trim();
  return text.startsWith(words) ? "" : null;
}

function entryOf(turn: Turn, live: readonly Entry[]): Entry {
  const { identity, name } = turn.speaker;
  const entry: Entry = {
    id: `turn-${turn.seq}`, role: turn.role, identity, name, channel: turn.channel, text: turn.text,
    state: turn.state === "streaming" ? "complete" : turn.state, at: new Date(turn.at),
  };
  if (turn.state !== "streaming") return entry;
  // It was stored in the middle of being said: the room knows how it went on.
  const ahead = live.find((other) => afterTelling(turn, plain(turn.text), other) === "");
  return ahead === undefined ? entry : { ...entry, text: ahead.text, state: ahead.state };
}

/** An identity without the suffix of the tab. */
function person(identity: string): string {
  return identity.replace(/^((?:user|guest)_[0-9a-f]{32})-[a-z0-9]{1,16}$/, "$1");
}

/** Without the ellipsis that marks where a spoken turn was cut off. */
function plain(text: string): string {
  return text.replace(/\s+/g, " ").replace(/\s*…\s*$/, "").trim();
}
