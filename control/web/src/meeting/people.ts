// From LiveKit's participants to what the meeting shows of them. The agent is the participant of kind
// AGENT: the server sets the kind from its own tokens, and nobody can choose it.
import type * as LiveKit from "../livekit.ts";
import type { AgentView, Person, Quality, SharedScreen } from "./view.ts";

type Kit = typeof LiveKit;
type Participant = LiveKit.Room["localParticipant"] | NonNullable<ReturnType<LiveKit.Room["remoteParticipants"]["get"]>>;

const STATE_ATTRIBUTE = "lk.agent.state";
const MUTED_ATTRIBUTE = "parley.muted";
const AGENT_NAME = "Parley";
const AGENT_STATES: readonly string[] = ["initializing", "idle", "listening", "thinking", "speaking"];

export function peopleIn(room: LiveKit.Room, kit: Kit): Person[] {
  const others = [...room.remoteParticipants.values()].filter((participant) => isHuman(participant, kit));
  others.sort((a, b) => (a.joinedAt?.getTime() ?? 0) - (b.joinedAt?.getTime() ?? 0));
  return [room.localParticipant, ...others].map((participant) => ({
    identity: participant.identity,
    name: participant.name || participant.identity,
    isLocal: participant === room.localParticipant,
    isMuted: !participant.isMicrophoneEnabled,
    isSpeaking: participant.isSpeaking,
    isSharing: participant.isScreenShareEnabled,
    quality: qualityOf(participant, kit),
  }));
}

export function agentIn(room: LiveKit.Room, kit: Kit): AgentView | null {
  const agent = agentParticipant(room, kit);
  if (agent === undefined) return null;
  const state = agent.attributes[STATE_ATTRIBUTE] ?? "";
  return {
    identity: agent.identity,
    name: AGENT_NAME,
    state: (AGENT_STATES.includes(state) ? state : "initializing") as AgentView["state"],
    hasAudio: agentTrackIn(room, kit) !== null,
    isMuted: agent.attributes[MUTED_ATTRIBUTE] === "true",
  };
}

/** Whether it takes part already; before, it may not notice what is typed. */
export function isListening(agent: AgentView): boolean {
  return agent.hasAudio && agent.state !== "initializing";
}

export function agentTrackIn(room: LiveKit.Room, kit: Kit): MediaStreamTrack | null {
  const publication = agentParticipant(room, kit)?.getTrackPublication(kit.Track.Source.Microphone);
  return publication?.track?.mediaStreamTrack ?? null;
}

/** Whether `identity` is an agent of this room, whose captions may speak for others. */
export function isAgent(room: LiveKit.Room, kit: Kit, identity: string): boolean {
  return room.remoteParticipants.get(identity)?.kind === kit.ParticipantKind.AGENT;
}

/** Somebody's shared screen; another person's goes before one's own. */
export function screenIn(room: LiveKit.Room, kit: Kit): SharedScreen | null {
  for (const participant of [...room.remoteParticipants.values(), room.localParticipant]) {
    const publication = participant.getTrackPublication(kit.Track.Source.ScreenShare);
    const track = publication?.track?.mediaStreamTrack;
    if (publication === undefined || track === undefined) continue;
    return {
      name: participant.name || participant.identity,
      isLocal: participant === room.localParticipant,
      isPaused: publication.isMuted,
      track,
    };
  }
  return null;
}

/** The agent that serves the room; when an old job's ghost is still listed, the one that joined last. */
function agentParticipant(room: LiveKit.Room, kit: Kit) {
  const agents = [...room.remoteParticipants.values()].filter((p) => p.kind === kit.ParticipantKind.AGENT);
  agents.sort((a, b) => (b.joinedAt?.getTime() ?? 0) - (a.joinedAt?.getTime() ?? 0));
  return agents[0];
}

function isHuman(participant: Participant, kit: Kit): boolean {
  return participant.kind === kit.ParticipantKind.STANDARD || participant.kind === kit.ParticipantKind.SIP;
}

function qualityOf(participant: Participant, kit: Kit): Quality {
  switch (participant.connectionQuality) {
    case kit.ConnectionQuality.Excellent:
    case kit.ConnectionQuality.Good:
      return "good";
    case kit.ConnectionQuality.Poor:
      return "poor";
    case kit.ConnectionQuality.Lost:
      return "lost";
    default:
      return "unknown";
  }
}
