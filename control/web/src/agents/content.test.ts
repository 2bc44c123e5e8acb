import assert from "node:assert/strict";
import { test } from "node:test";
import { readAgent } from "./content.ts";

function form(fields: Record<string, string>, documents: string[] = []): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries({ display_name: "Front desk", prompt: "", greeting: "", language: "en", voice: "", quotes: "all", ...fields })) data.set(name, value);
  for (const id of documents) data.append("documents", id);
  return data;
}

test("what is left empty is left to the server", () => {
  const agent = readAgent(form({ voice: " ", preset: "", small_model: "" }), null);
  assert.equal(agent.voice, null);
  assert.deepEqual(agent.model_policy, { preset: null, small_model: null, large_model: null });
});

test("ticks count only where the choice is the ticked ones", () => {
  assert.equal(readAgent(form({ quotes: "all" }, ["doc_1"]), null).documents, "all");
  assert.deepEqual(readAgent(form({ quotes: "some" }, ["doc_1", "doc_2"]), null).documents, ["doc_1", "doc_2"]);
  assert.deepEqual(readAgent(form({ quotes: "some" }), null).documents, []);
});

test("parts of a policy that the form does not show are kept", () => {
  const policy = { preset: "classic", small_model: null, large_model: null, stt: "openai", tts: null };
  assert.deepEqual(readAgent(form({ preset: "local" }), policy).model_policy, { ...policy, preset: "local" });
});
