// One person's call: joins, keeps its Room alive through lost connections and expired tokens, and carries
// out what the buttons say. Elements read it and are told of each change; they never see LiveKit's classes.
import { ApiError, token } from "../api.ts";
import type * as LiveKit from "../livekit.ts";
import { newTabSuffix, tabSuffix } from "../memory.ts";
import { Observable } from "../observable.ts";
import { Captions } from "./captions.ts";
import { agentIn, isAgent, peopleIn, screenIn } from "./people.ts";
import { Presence } from "./presence.ts";
import { pickScreen, publishScreen } from "./share.ts";
import { Thread } from "./thread.ts";
import type { AgentView, Connection, Ending, Microphone, Person, Share, SharedScreen } from "./view.ts";

const CHAT_TOPIC = "lk.chat";
const CAPTION_TOPIC = "lk.transcription";
const CONTROL_TOPIC = "parley.control";
const AGENT_NAME = "Parley";
const RETRY_DELAYS_MS = [500, 1_000, 2_000, 4_000, 8_000, 8_000];

export interface CallOptions {
  readonly roomName: string;
  /** The session's identity, to which the tab's suffix is added. */
  readonly identity: string;
  readonly name: string;
  readonly withMicrophone: boolean;
  readonly deviceId: string | undefined;
}

export class Call extends Observable {
  readonly options: CallOptions;
  readonly thread: Thread;
  readonly captions: Captions;
  readonly presence: Presence;
  connection: Connection = "connecting";
  ending: Ending | null = null;
  microphone: Microphone = "off";
  /** A sentence about the last thing that failed, until it is dismissed. */
  problem: string | null = null;
  #kit: typeof LiveKit | undefined;
  #room: LiveKit.Room | undefined;
  #wantsMicrophone: boolean;
  #isRejoining = false;
  readonly #audio = document.createElement("div");

  constructor(options: CallOptions) {
    super();
    this.options = options;
    this.#wantsMicrophone = options.withMicrophone;
    this.thread = new Thread(options.roomName);
    this.captions = new Captions((caption) => this.thread.hear(caption));
    this.presence = new Presence(options.roomName);
    this.#audio.hidden = true;
  }

  get people(): Person[] {
    return this.#room && this.#kit ? peopleIn(this.#room, this.#kit) : [];
  }

  get agent(): AgentView | null {
    return this.#room && this.#kit ? agentIn(this.#room, this.#kit) : null;
  }

  get screen(): SharedScreen | null {
    return this.#room && this.#kit ? screenIn(this.#room, this.#kit) : null;
  }

  get share(): Share {
    const publication = this.#ownScreen();
    if (publication?.track === undefined) return "none";
    return publication.isMuted ? "paused" : "live";
  }

  get canPlayAudio(): boolean {
    return this.#room?.canPlaybackAudio ?? true;
  }

  /** The agent's voice, for what moves with it. */
  get agentTrack(): MediaStreamTrack | null {
    const agent = this.agent;
    if (agent === null || this.#room === undefined || this.#kit === undefined) return null;
    const participant = this.#room.remoteParticipants.get(agent.identity);
    return participant?.getTrackPublication(this.#kit.Track.Source.Microphone)?.track?.mediaStreamTrack ?? null;
  }

  /** Raises: ApiError when no token is given; an Error of livekit-client when the media server is away. */
  async join(): Promise<void> {
    this.#kit = await import("../livekit.ts");
    document.body.append(this.#audio);
    await this.#open();
  }

  async leave(): Promise<void> {
    this.#end("left");
    await this.#room?.disconnect();
  }

  async setMicrophone(on: boolean): Promise<void> {
    this.#wantsMicrophone = on;
    try {
      await this.#room?.localParticipant.setMicrophoneEnabled(on, this.#captureOptions());
      this.microphone = on ? "on" : "off";
    } catch {
      this.#wantsMicrophone = false;
      this.microphone = "unavailable";
    }
    this.changed();
  }

  async startShare(): Promise<void> {
    if (this.#room === undefined || this.#kit === undefined) return;
    try {
      await publishScreen(this.#room, this.#kit, await pickScreen());
    } catch (error) {
      const changedTheirMind = error instanceof DOMException && error.name === "NotAllowedError";
      if (!changedTheirMind) this.#report("The screen could not be shared.");
    }
    this.changed();
  }

  async pauseShare(paused: boolean): Promise<void> {
    const publication = this.#ownScreen();
    await (paused ? publication?.mute() : publication?.unmute());
    this.changed();
  }

  async stopShare(): Promise<void> {
    const track = this.#ownScreen()?.track;
    if (track !== undefined) await this.#room?.localParticipant.unpublishTrack(track, true);
    this.changed();
  }

  /** Asks the agent to be quiet or to speak again; it answers by an attribute of its own. */
  async muteAgent(muted: boolean): Promise<void> {
    try {
      await this.#room?.localParticipant.sendText(muted ? "mute" : "unmute", { topic: CONTROL_TOPIC });
    } catch {
      this.#report("The agent could not be reached.");
    }
  }

  async say(text: string, id: string = crypto.randomUUID()): Promise<void> {
    const show = (state: "sending" | "complete" | "unsent") =>
      this.thread.type(id, this.#room?.localParticipant.identity ?? "", this.options.name, text, state);
    show("sending");
    try {
      if (this.connection !== "connected" || this.#room === undefined) throw new Error("not connected");
      await this.#room.localParticipant.sendText(text, { topic: CHAT_TOPIC });
      show("complete");
    } catch {
      show("unsent");
    }
  }

  async playAudio(): Promise<void> {
    await this.#room?.startAudio();
    this.changed();
  }

  dismissProblem(): void {
    this.problem = null;
    this.changed();
  }

  async #open(): Promise<void> {
    const kit = this.#kit!;
    const identity = `${this.options.identity}-${tabSuffix()}`;
    const access = await token(this.options.roomName, identity, this.options.name);
    const room = new kit.Room({ audioCaptureDefaults: this.#captureOptions() });
    this.#room = room;
    this.#follow(room, kit);
    await room.connect(access.server_url, access.participant_token);
    this.connection = "connected";
    if (this.#wantsMicrophone) await this.setMicrophone(true);
    this.#changedRoom();
    await this.thread.load();
  }

  #follow(room: LiveKit.Room, kit: typeof LiveKit): void {
    const { RoomEvent } = kit;
    const changed = () => this.#changedRoom();
    for (const event of [
      RoomEvent.ParticipantConnected, RoomEvent.ParticipantDisconnected, RoomEvent.ParticipantAttributesChanged,
      RoomEvent.ParticipantNameChanged, RoomEvent.TrackMuted, RoomEvent.TrackUnmuted, RoomEvent.LocalTrackPublished,
      RoomEvent.LocalTrackUnpublished, RoomEvent.ActiveSpeakersChanged, RoomEvent.ConnectionQualityChanged,
      RoomEvent.AudioPlaybackStatusChanged,
    ] as const) room.on(event, changed);
    room.on(RoomEvent.TrackSubscribed, (track) => {
      if (track.kind === kit.Track.Kind.Audio) this.#audio.append(track.attach());
      this.#changedRoom();
    });
    room.on(RoomEvent.TrackUnsubscribed, (track) => {
      for (const element of track.detach()) element.remove();
      this.#changedRoom();
    });
    room.on(RoomEvent.Reconnecting, () => this.#become("reconnecting"));
    room.on(RoomEvent.SignalReconnecting, () => this.#become("reconnecting"));
    room.on(RoomEvent.Reconnected, () => {
      this.#become("connected");
      void this.thread.load();
    });
    room.on(RoomEvent.Disconnected, (reason) => void this.#disconnected(room, reason));
    room.registerTextStreamHandler(CAPTION_TOPIC, (stream, { identity }) => {
      void this.captions.read(stream, identity, isAgent(room, kit, identity), AGENT_NAME);
    });
    room.registerTextStreamHandler(CHAT_TOPIC, async (stream, { identity }) => {
      const sender = room.remoteParticipants.get(identity);
      if (sender === undefined || isAgent(room, kit, identity)) return;
      this.thread.type(stream.info.id, identity, sender.name || identity, await stream.readAll(), "complete");
    });
  }

  #changedRoom(): void {
    const agent = this.agent;
    if (this.connection !== "connected" || agent !== null) this.presence.stop();
    else this.presence.watch();
    this.changed();
  }

  async #disconnected(room: LiveKit.Room, reason: LiveKit.DisconnectReason | undefined): Promise<void> {
    if (room !== this.#room || this.#isRejoining || this.connection === "connecting" || this.ending !== null) return;
    const { DisconnectReason } = this.#kit!;
    switch (reason) {
      case DisconnectReason.CLIENT_INITIATED:
        return this.#end("left");
      case DisconnectReason.DUPLICATE_IDENTITY:
        newTabSuffix();
        return this.#end("elsewhere");
      case DisconnectReason.PARTICIPANT_REMOVED:
        return this.#end("removed");
      case DisconnectReason.ROOM_DELETED:
        return this.#end("closed");
      default:
        return this.#rejoin();
    }
  }

  /** Joins again with a fresh token: the old one may have expired while the connection was away. */
  async #rejoin(): Promise<void> {
    this.#isRejoining = true;
    this.#become("reconnecting");
    const isBack = await this.#reopen();
    this.#isRejoining = false;
    if (!isBack) this.#end("lost");
  }

  async #reopen(): Promise<boolean> {
    for (const delayMs of RETRY_DELAYS_MS) {
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      if (this.ending !== null) return true;
      try {
        await this.#open();
        if (this.ending !== null) await this.#room?.disconnect();
        return true;
      } catch (error) {
        if (error instanceof ApiError && !error.isAway) return false;
      }
    }
    return false;
  }

  #end(ending: Ending): void {
    if (this.ending !== null) return;
    this.ending = ending;
    this.presence.stop();
    this.captions.clear();
    this.#audio.remove();
    this.#become("ended");
  }

  #become(connection: Connection): void {
    this.connection = connection;
    this.#changedRoom();
  }

  #report(problem: string): void {
    this.problem = problem;
    this.changed();
  }

  #captureOptions(): { deviceId?: string; echoCancellation: boolean; noiseSuppression: boolean; autoGainControl: boolean } {
    const processing = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
    return this.options.deviceId === undefined ? processing : { ...processing, deviceId: this.options.deviceId };
  }

  #ownScreen() {
    if (this.#kit === undefined) return undefined;
    return this.#room?.localParticipant.getTrackPublication(this.#kit.Track.Source.ScreenShare);
  }
}
