// What the meeting's elements see of a call: plain values, without LiveKit's classes.

export type Connection = "connecting" | "failed" | "connected" | "reconnecting" | "ended";
export type Quality = "unknown" | "good" | "poor" | "lost";
export type Microphone = "off" | "on" | "unavailable";
export type Share = "none" | "live" | "paused";

export interface Person {
  readonly identity: string;
  readonly name: string;
  readonly isLocal: boolean;
  readonly isMuted: boolean;
  readonly isSpeaking: boolean;
  readonly isSharing: boolean;
  readonly quality: Quality;
}

/** `state` is `lk.agent.state`; absent until the agent says it. */
export interface AgentView {
  readonly identity: string;
  readonly name: string;
  readonly state: "initializing" | "idle" | "listening" | "thinking" | "speaking";
  readonly hasAudio: boolean;
  readonly isMuted: boolean;
}

export interface SharedScreen {
  readonly name: string;
  readonly isLocal: boolean;
  readonly isPaused: boolean;
  readonly track: MediaStreamTrack;
}

/** Why a call ended, for the view after it. */
export type Ending = "left" | "elsewhere" | "removed" | "closed" | "lost";

export interface CallOptions {
  readonly roomName: string;
  /** The session's identity, to which the tab's suffix is added. */
  readonly identity: string;
  readonly name: string;
  readonly withMicrophone: boolean;
  readonly deviceId: string | undefined;
}
