// One thread of what was said and typed: turns as control stored them, and what happened since, as the
// room showed it. The stored turn is the truth; a live entry gives way to the stored turn that tells the
// same, so that nothing stands there twice after a reload or a reconnect.
import type { Turn } from "../api.ts";

export type EntryState = "live" | "complete" | "interrupted" | "failed" | "sending" | "unsent";

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

/** The live entries that no stored turn tells; each turn stands for one entry at most. */
export function uncovered(stored: readonly Turn[], live: readonly Entry[]): Entry[] {
  const free = new Set(stored);
  return live.filter((entry) => {
    for (const turn of free) {
      if (!tells(turn, entry)) continue;
      free.delete(turn);
      return false;
    }
    return true;
  });
}

function tells(turn: Turn, entry: Entry): boolean {
  if (turn.role !== entry.role || Math.abs(Date.parse(turn.at) - entry.at.getTime()) > SAME_MS) return false;
  if (entry.role === "user" && person(turn.speaker.identity) !== person(entry.identity)) return false;
  const [a, b] = [plain(turn.text), plain(entry.text)];
  return a === b || (a !== "" && b !== "" && (a.startsWith(b) || b.startsWith(a)));
}

function entryOf(turn: Turn, live: readonly Entry[]): Entry {
  const { identity, name } = turn.speaker;
  const entry: Entry = {
    id: `turn-${turn.seq}`, role: turn.role, identity, name, channel: turn.channel, text: turn.text,
    state: turn.state === "streaming" ? "complete" : turn.state, at: new Date(turn.at),
  };
  if (turn.state !== "streaming") return entry;
  // It was stored in the middle of being said: the room knows how it went on.
  const ahead = live.find((other) => tells(turn, other) && other.text.length >= turn.text.length);
  return ahead === undefined ? entry : { ...entry, text: ahead.text, state: ahead.state };
}

/** An identity without the suffix of the tab. */
function person(identity: string): string {
  return identity.replace(/^((?:user|guest)_[0-9a-f]{32})-[a-z0-9]{1,16}$/, "$1");
}

function plain(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
