import assert from "node:assert/strict";
import { test } from "node:test";
import { Outbox, type Route } from "./outbox.ts";
import { Thread } from "./thread.ts";

class Room {
  agent: string | null = null;
  others: string[] = [];
  isConnected = true;
  isBroken = false;
  sent: [string, readonly string[] | undefined][] = [];

  route(): Route | null {
    return this.isConnected ? { agent: this.agent, others: this.others, send: (text, to) => this.#send(text, to) } : null;
  }

  async #send(text: string, to: readonly string[] | undefined): Promise<void> {
    if (this.isBroken) throw new Error("no channel");
    this.sent.push([text, to]);
  }
}

function outbox(room: Room): { out: Outbox; states: () => string[] } {
  const thread = new Thread("lounge");
  const out = new Outbox(thread, () => ({ identity: "user_1", name: "Ada" }), () => room.route());
  return { out, states: () => thread.entries.map((entry) => `${entry.text}: ${entry.state}`) };
}

test("with the agent there a message goes to everyone at once", async () => {
  const room = new Room();
  room.agent = "agent_1";
  const { out, states } = outbox(room);
  out.say("Hello");
  await out.flush();
  assert.deepEqual(room.sent, [["Hello", undefined]]);
  assert.deepEqual(states(), ["Hello: complete"]);
});

test("what is typed before the agent listens reaches people now and the agent later, once each", async () => {
  const room = new Room();
  room.others = ["guest_1"];
  const { out, states } = outbox(room);
  out.say("Hello");
  await new Promise(setImmediate);
  assert.deepEqual(states(), ["Hello: waiting"]);
  room.agent = "agent_1";
  await out.flush();
  await out.flush();
  assert.deepEqual(room.sent, [["Hello", ["guest_1"]], ["Hello", ["agent_1"]]]);
  assert.deepEqual(states(), ["Hello: complete"]);
});

test("what is typed without a connection is sent in order once it is there", async () => {
  const room = new Room();
  room.agent = "agent_1";
  room.isConnected = false;
  const { out, states } = outbox(room);
  out.say("One");
  out.say("Two");
  assert.deepEqual(states(), ["One: sending", "Two: sending"]);
  room.isConnected = true;
  await out.flush();
  assert.deepEqual(room.sent.map(([text]) => text), ["One", "Two"]);
});

test("a message that cannot be sent says so", async () => {
  const room = new Room();
  room.agent = "agent_1";
  room.isBroken = true;
  const { out, states } = outbox(room);
  out.say("Hello");
  await new Promise(setImmediate);
  assert.deepEqual(states(), ["Hello: unsent"]);
});

test("after the meeting nothing is left as if it were on its way", () => {
  const room = new Room();
  room.isConnected = false;
  const { out, states } = outbox(room);
  out.say("Hello");
  out.abandon();
  assert.deepEqual(states(), ["Hello: unsent"]);
});
