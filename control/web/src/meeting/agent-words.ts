// What the agent is doing or what it is waited for, in words and as the orb's state.
import type { OrbState } from "../elements/orb.ts";
import type { Call } from "./call.ts";

export function agentWords(call: Call): string {
  if (call.connection === "connecting") return "Connecting you to the room…";
  if (call.connection === "failed") return "Not connected";
  if (call.connection === "reconnecting") return "Waiting for the connection…";
  const agent = call.agent;
  if (agent === null) return absentWords(call);
  if (agent.isMuted) return "Muted: it listens and stays silent";
  if (!agent.hasAudio) return "The agent joined, waiting for its audio";
  switch (agent.state) {
    case "initializing":
      return "Getting ready";
    case "thinking":
      return "Thinking";
    case "speaking":
      return "Speaking";
    case "idle":
    case "listening":
      return "Listening";
  }
}

/** Whether people are waiting for the agent, which is worth reading out; its every breath is not. */
export function isAwaited(call: Call): boolean {
  return call.connection !== "connected" || call.agent?.hasAudio !== true;
}

export function orbState(call: Call): OrbState {
  const agent = call.agent;
  if (call.connection === "failed") return "absent";
  if (call.connection !== "connected" || agent === null) return call.presence.state === "no_worker" ? "absent" : "waiting";
  if (agent.isMuted) return "muted";
  if (!agent.hasAudio || agent.state === "initializing") return "waiting";
  return agent.state === "idle" ? "listening" : agent.state;
}

function absentWords(call: Call): string {
  switch (call.presence.state) {
    case "no_worker":
      return "No worker is registered. The agent comes as soon as one is.";
    case "dispatched":
      return "Dispatched, waiting for the agent";
    case "joined":
      return "The agent joined, waiting for its audio";
    case "idle":
      return "Calling the agent…";
    case "unknown":
      return "Looking for the agent…";
  }
}
