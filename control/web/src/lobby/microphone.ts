// The microphone before a meeting: may we, which one, and how loud. It is opened for the meter only and
// closed before joining; the meeting opens its own.
import { Observable } from "../observable.ts";
import { recall, remember } from "../memory.ts";

export type MicrophoneState =
  | "opening" // or finding out whether we may
  | "unknown" // nobody was asked yet: the browser will ask when the person says so
  | "open"
  | "denied"
  | "missing" // no device, or one that another program holds
  | "insecure"; // browsers give no microphone to pages over plain http, other than on localhost

export class Microphone extends Observable {
  state: MicrophoneState = "opening";
  devices: readonly MediaDeviceInfo[] = [];
  deviceId: string | undefined = recall("microphone") ?? undefined;
  #stream: MediaStream | undefined;
  #context: AudioContext | undefined;
  #analyser: AnalyserNode | undefined;
  #isClosed = false;
  #samples = new Float32Array(1024);
  readonly #devicesChanged = () => void this.#listDevices();

  /** Looks at the permission, and opens the microphone if it was given before. */
  async prepare(): Promise<void> {
    if (!window.isSecureContext || navigator.mediaDevices === undefined) return this.#become("insecure");
    navigator.mediaDevices.addEventListener("devicechange", this.#devicesChanged);
    const permission = await microphonePermission();
    permission?.addEventListener("change", () => void this.#permissionChanged(permission.state));
    if (permission?.state === "granted") return this.open();
    this.#become(permission?.state === "denied" ? "denied" : "unknown");
  }

  async open(deviceId = this.deviceId): Promise<void> {
    this.#become("opening");
    try {
      await this.#listen(deviceId);
      this.deviceId = deviceId;
      if (deviceId !== undefined) remember("microphone", deviceId);
      await this.#listDevices();
      this.#become("open");
    } catch (error) {
      const name = error instanceof DOMException ? error.name : "";
      this.#become(name === "NotAllowedError" ? "denied" : "missing");
    }
  }

  /** Loudness now, 0 to 1, on a scale that ears would agree with. */
  level(): number {
    if (this.#analyser === undefined) return 0;
    this.#analyser.getFloatTimeDomainData(this.#samples);
    let sum = 0;
    for (const sample of this.#samples) sum += sample * sample;
    const decibels = 10 * Math.log10(sum / this.#samples.length + 1e-10);
    return Math.min(1, Math.max(0, (decibels + 60) / 50));
  }

  close(): void {
    this.#isClosed = true;
    navigator.mediaDevices?.removeEventListener("devicechange", this.#devicesChanged);
    this.#release();
  }

  async #listen(deviceId: string | undefined): Promise<void> {
    this.#release();
    const wanted: MediaTrackConstraints = deviceId === undefined ? {} : { deviceId: { ideal: deviceId } };
    this.#stream = await navigator.mediaDevices.getUserMedia({ audio: wanted });
    if (this.#isClosed) return this.#release();
    this.#context = new AudioContext();
    this.#analyser = this.#context.createAnalyser();
    this.#analyser.fftSize = this.#samples.length;
    this.#context.createMediaStreamSource(this.#stream).connect(this.#analyser);
    // Without a gesture on the page the context may start suspended, and the meter would stay flat.
    if (this.#context.state === "suspended") {
      const resume = () => void this.#context?.resume();
      window.addEventListener("pointerdown", resume, { once: true });
      window.addEventListener("keydown", resume, { once: true });
    }
  }

  #release(): void {
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    void this.#context?.close();
    this.#stream = this.#context = this.#analyser = undefined;
  }

  async #listDevices(): Promise<void> {
    const devices = await navigator.mediaDevices.enumerateDevices();
    this.devices = devices.filter((device) => device.kind === "audioinput" && device.deviceId !== "");
    if (this.deviceId !== undefined && !this.devices.some((device) => device.deviceId === this.deviceId)) {
      this.deviceId = undefined;
    }
    this.changed();
  }

  async #permissionChanged(state: PermissionState): Promise<void> {
    if (state === "granted" && this.state !== "open" && this.state !== "opening") await this.open();
    if (state === "denied") {
      this.#release();
      this.#become("denied");
    }
  }

  #become(state: MicrophoneState): void {
    this.state = state;
    this.changed();
  }
}

/** Undefined in browsers that cannot tell; they are asked by opening the microphone. */
async function microphonePermission(): Promise<PermissionStatus | undefined> {
  try {
    return await navigator.permissions.query({ name: "microphone" as PermissionName });
  } catch {
    return undefined;
  }
}
