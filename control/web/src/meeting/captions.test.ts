import assert from "node:assert/strict";
import { test } from "node:test";
import { Captions, type Caption } from "./captions.ts";

const AGENT = "agent_1";
const ADA = "user_1";

function stream(id: string, attributes: Record<string, string>, pieces: string[]) {
  return {
    info: { id, attributes },
    async *[Symbol.asyncIterator]() {
      yield* pieces;
    },
  };
}

async function read(...streams: [ReturnType<typeof stream>, string, boolean][]): Promise<{ last: Caption | undefined; shown: readonly Caption[] }> {
  let last: Caption | undefined;
  const captions = new Captions((caption) => (last = caption));
  for (const [source, sender, senderIsAgent] of streams) await captions.read(source, sender, senderIsAgent, "Parley");
  const { shown } = captions;
  captions.clear();
  return { last, shown };
}

test("the agent's pieces become one caption, final at the end of the stream", async () => {
  const { last } = await read([stream("s", { "lk.segment_id": "SG_1" }, ["Thirty ", "days."]), AGENT, true]);
  assert.equal(last?.text, "Thirty days.");
  assert.equal(last?.isFinal, true);
  assert.equal(last?.name, "Parley");
});

test("a person's guess is replaced by the final words of the same segment", async () => {
  const guess = stream("a", { "lk.segment_id": "SG_2", "lk.transcription_final": "false", "parley.speaker": ADA }, ["What is"]);
  const final = stream("b", { "lk.segment_id": "SG_2", "lk.transcription_final": "true", "parley.speaker": ADA, "parley.speaker_name": "Ada" }, ["What is it?"]);
  const { shown } = await read([guess, ADA, false], [final, ADA, false]);
  assert.deepEqual(shown.map((caption) => [caption.name, caption.text, caption.isFinal]), [["Ada", "What is it?", true]]);
});

test("a person cannot speak as the agent", async () => {
  const { shown } = await read([stream("s", {}, ["I am the agent."]), ADA, false]);
  assert.deepEqual(shown, []);
});

test("a person cannot put words into another's mouth", async () => {
  const { shown } = await read([stream("s", { "parley.speaker": "user_2" }, ["I agree."]), ADA, false]);
  assert.deepEqual(shown, []);
});
