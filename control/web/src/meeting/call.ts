// One person's call: joins, keeps its Room alive through lost connections and expired tokens, and carries
// out what the buttons say. Elements read it and are told of each change; they never see LiveKit's classes.
import { token } from "../api.ts";
import { ApiError } from "../problem.ts";
import type * as LiveKit from "../livekit.ts";
import { newTabSuffix, tabSuffix } from "../memory.ts";
import { Observable } from "../observable.ts";
import { Captions } from "./captions.ts";
import { Outbox, type Route } from "./outbox.ts";
import { agentIn, agentTrackIn, isAgent, isListening, peopleIn, screenIn } from "./people.ts";
import { Presence } from "./presence.ts";
import { CHAT_TOPIC, endingOf, followRoom } from "./room-events.ts";
import { keepTrying } from "./retry.ts";
import { ScreenShare } from "./share.ts";
import { Thread } from "./thread.ts";
import type { AgentView, CallOptions, Connection, Ending, Microphone, Person, Share, SharedScreen } from "./view.ts";

const CONTROL_TOPIC = "parley.control";
const AGENT_NAME = "Parley";

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
  #share: ScreenShare | undefined;
  #wantsMicrophone: boolean;
  #isRejoining = false;
  #agentSpoke = false;
  readonly #outbox: Outbox;
  readonly #audio = document.createElement("div");

  constructor(options: CallOptions) {
    super();
    this.options = options;
    this.#wantsMicrophone = options.withMicrophone;
    this.thread = new Thread(options.roomName);
    this.captions = new Captions((caption) => this.thread.hear(caption));
    this.presence = new Presence(options.roomName);
    const author = () => ({ identity: this.identity, name: options.name });
    this.#outbox = new Outbox(this.thread, author, () => this.#route());
    this.#audio.hidden = true;
  }

  get identity(): string {
    return `${this.options.identity}-${tabSuffix()}`;
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
    return this.#share?.state ?? "none";
  }

  get canPlayAudio(): boolean {
    return this.#room?.canPlaybackAudio ?? true;
  }

  /** What the orb moves with. */
  get agentTrack(): MediaStreamTrack | null {
    return this.#room && this.#kit ? agentTrackIn(this.#room, this.#kit) : null;
  }

  /** Raises: ApiError when no token is given; an Error of livekit-client when the media server is away. */
  async join(): Promise<void> {
    this.#become("connecting");
    try {
      this.#kit = await import("../livekit.ts");
      this.#kit.setLogLevel("warn");
      document.body.append(this.#audio);
      await this.#open();
    } catch (error) {
      this.#become("failed");
      throw error;
    }
  }

  async leave(): Promise<void> {
    this.#end("left");
    await this.#room?.disconnect();
  }

  async setMicrophone(on: boolean): Promise<void> {
    this.#wantsMicrophone = on;
    try {
      await this.#room?.localParticipant.setMicrophoneEnabled(on, this.#captureOptions());
      this.problem = null;
      this.microphone = on ? "on" : "off";
    } catch {
      this.#wantsMicrophone = false;
      this.microphone = "unavailable";
      this.problem = "The microphone is blocked, missing or in use elsewhere. You can type in the meantime.";
    }
    this.changed();
  }

  startShare(): Promise<void> {
    return this.#try("The screen could not be shared.", () => this.#share?.start());
  }

  pauseShare(paused: boolean): Promise<void> {
    return this.#try("The screen share could not be changed.", () => this.#share?.pause(paused));
  }

  stopShare(): Promise<void> {
    return this.#try("The screen share could not be stopped.", () => this.#share?.stop());
  }

  /** Asks the agent to be quiet or to speak again; it answers by an attribute of its own. */
  muteAgent(muted: boolean): Promise<void> {
    const command = muted ? "mute" : "unmute";
    return this.#try("The agent could not be reached.", () =>
      this.#room?.localParticipant.sendText(command, { topic: CONTROL_TOPIC }));
  }

  say(text: string, id?: string): void {
    this.#outbox.say(text, id);
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
    const access = await token(this.options.roomName, this.identity, this.options.name);
    const room = new kit.Room({ audioCaptureDefaults: this.#captureOptions() });
    this.#room = room;
    this.#share = new ScreenShare(room, kit);
    this.#follow(room, kit);
    await room.connect(access.server_url, access.participant_token);
    if (this.ending !== null) return room.disconnect(); // one left while this went on
    this.#become("connected");
    if (this.#wantsMicrophone) await this.setMicrophone(true);
    await this.thread.load();
  }

  #follow(room: LiveKit.Room, kit: typeof LiveKit): void {
    followRoom(room, kit, {
      changed: () => this.#changedRoom(),
      audioAppeared: (element) => this.#audio.append(element),
      connection: (connection) => {
        this.#become(connection);
        if (connection === "connected") void this.thread.load();
      },
      disconnected: (reason) => void this.#disconnected(room, reason),
      caption: (stream, sender) => void this.captions.read(stream, sender, isAgent(room, kit, sender), AGENT_NAME),
      typed: (message) => this.thread.type(message.id, message.identity, message.name, message.text, "complete"),
    });
  }

  #changedRoom(): void {
    const agent = this.agent;
    if (this.connection !== "connected" || agent !== null) this.presence.stop();
    else this.presence.watch();
    // An answer that was cut short is kept as it was heard, which only the stored turn tells.
    if (this.#agentSpoke && agent?.state !== "speaking") this.thread.loadSoon();
    this.#agentSpoke = agent?.state === "speaking";
    void this.#outbox.flush();
    this.changed();
  }

  async #disconnected(room: LiveKit.Room, reason: LiveKit.DisconnectReason | undefined): Promise<void> {
    const wasIn = this.connection === "connected" || this.connection === "reconnecting";
    if (room !== this.#room || this.#isRejoining || !wasIn) return;
    const ending = endingOf(reason, this.#kit!);
    if (ending === "elsewhere") newTabSuffix();
    return ending === null ? this.#rejoin() : this.#end(ending);
  }

  /** Joins again with a fresh token: the old one may have expired while the connection was away. */
  async #rejoin(): Promise<void> {
    this.#isRejoining = true;
    this.#become("reconnecting");
    const isHopeless = (error: unknown) => this.ending !== null || (error instanceof ApiError && !error.isAway);
    const isBack = await keepTrying(() => this.#open(), isHopeless);
    this.#isRejoining = false;
    if (!isBack) this.#end("lost");
  }

  #end(ending: Ending): void {
    if (this.ending !== null) return;
    this.ending = ending;
    this.presence.stop();
    this.thread.stop();
    this.#outbox.abandon();
    this.captions.clear();
    this.#audio.remove();
    this.#become("ended");
  }

  #become(connection: Connection): void {
    this.connection = connection;
    this.#changedRoom();
  }

  #route(): Route | null {
    const room = this.#room;
    if (this.connection !== "connected" || room === undefined) return null;
    const { agent } = this;
    return {
      agent: agent !== null && isListening(agent) ? agent.identity : null,
      others: this.people.filter((person) => !person.isLocal).map((person) => person.identity),
      send: (text, to) => room.localParticipant.sendText(text, { topic: CHAT_TOPIC, ...(to && { destinationIdentities: [...to] }) }),
    };
  }

  async #try(problem: string, action: () => Promise<unknown> | undefined): Promise<void> {
    try {
      await action();
    } catch {
      this.problem = problem;
    }
    this.changed();
  }

  #captureOptions(): { deviceId?: string; echoCancellation: boolean; noiseSuppression: boolean; autoGainControl: boolean } {
    const { deviceId } = this.options;
    const processing = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
    return deviceId === undefined ? processing : { ...processing, deviceId };
  }
}
