import assert from "node:assert/strict";
import { test } from "node:test";
import type { Turn } from "../api.ts";
import { mergeTimeline, uncovered, type Entry } from "./timeline.ts";

const START = Date.parse("2026-11-20T10:00:00Z");
const ADA = "user_0123456789abcdef0123456789abcdef";

function turn(seq: number, role: Turn["role"], text: string, change: Partial<Turn> = {}): Turn {
  const speaker = role === "agent" ? { identity: "agent_1", name: "Parley" } : { identity: `${ADA}-a1`, name: "Ada" };
  return { seq, role, channel: "voice", speaker, text, state: "complete", at: new Date(START + seq * 1_000).toISOString(), ...change };
}

function entry(id: string, role: Entry["role"], text: string, seconds: number, change: Partial<Entry> = {}): Entry {
  const identity = role === "agent" ? "agent_1" : `${ADA}-a1`;
  return { id, role, identity, name: role, channel: "voice", text, state: "complete", at: new Date(START + seconds * 1_000), ...change };
}

function texts(entries: readonly Entry[]): string[] {
  return entries.map((item) => item.text);
}

test("a live entry gives way to the stored turn that tells the same", () => {
  const merged = mergeTimeline([turn(1, "user", "What is the refund period?")], [entry("a", "user", "What is  the refund period? ", 2)]);
  assert.deepEqual(texts(merged), ["What is the refund period?"]);
  assert.equal(merged[0]?.id, "turn-1");
});

test("what is not stored yet stands after what is", () => {
  const merged = mergeTimeline([turn(1, "user", "Hello.")], [entry("a", "user", "Hello.", 1), entry("b", "agent", "Hi.", 3, { state: "live" })]);
  assert.deepEqual(texts(merged), ["Hello.", "Hi."]);
});

test("an entry that was never stored keeps its place in time", () => {
  const merged = mergeTimeline([turn(1, "user", "One."), turn(9, "user", "Three.")], [entry("a", "user", "Two.", 5, { state: "unsent" })]);
  assert.deepEqual(texts(merged), ["One.", "Two.", "Three."]);
});

test("saying the same twice stays there twice", () => {
  const live = [entry("a", "user", "Yes.", 1), entry("b", "user", "Yes.", 4)];
  assert.deepEqual(texts(mergeTimeline([turn(1, "user", "Yes.")], live)), ["Yes.", "Yes."]);
});

test("the same words of two people are two turns", () => {
  const other = entry("a", "user", "Yes.", 2, { identity: "guest_ffffffffffffffffffffffffffffffff-b2" });
  assert.equal(mergeTimeline([turn(1, "user", "Yes.")], [other]).length, 2);
});

test("another tab of the same person is the same person", () => {
  const live = [entry("a", "user", "Yes.", 1, { identity: `${ADA}-zz` })];
  assert.deepEqual(uncovered([turn(1, "user", "Yes.")], live), []);
});

test("a turn that was stored while it was spoken goes on as the room heard it", () => {
  const stored = [turn(1, "agent", "The period", { state: "streaming" })];
  const merged = mergeTimeline(stored, [entry("a", "agent", "The period is thirty days.", 1, { state: "live" })]);
  assert.deepEqual(texts(merged), ["The period is thirty days."]);
  assert.equal(merged[0]?.state, "live");
});

test("an interrupted answer shows what was heard of it, once", () => {
  const stored = [turn(1, "agent", "The period is …", { state: "interrupted" })];
  const merged = mergeTimeline(stored, [entry("a", "agent", "The period is thirty days.", 1)]);
  assert.deepEqual(texts(merged), ["The period is …"]);
  assert.equal(merged[0]?.state, "interrupted");
});

test("words from long ago are not taken for these", () => {
  assert.equal(mergeTimeline([turn(1, "user", "Yes.")], [entry("a", "user", "Yes.", 600)]).length, 2);
});

test("one stored turn can tell two captions", () => {
  const live = [entry("a", "user", "Wait.", 1), entry("b", "user", "What is it?", 2), entry("c", "user", "Hello?", 3)];
  assert.deepEqual(texts(mergeTimeline([turn(1, "user", "Wait. What is it?")], live)), ["Wait. What is it?", "Hello?"]);
});
