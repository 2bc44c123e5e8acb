// How loud a track is, as often as the screen is drawn. Still for people who asked for less motion.
export class LevelMeter {
  readonly #show: (level: number) => void;
  #track: MediaStreamTrack | null = null;
  #context: AudioContext | undefined;
  #frame = 0;

  constructor(show: (level: number) => void) {
    this.#show = show;
  }

  /** Follows `track` from now on; null follows nothing. */
  follow(track: MediaStreamTrack | null): void {
    if (track === this.#track) return;
    this.#stop();
    this.#track = track;
    if (track !== null && !matchMedia("(prefers-reduced-motion: reduce)").matches) this.#start(track);
  }

  #start(track: MediaStreamTrack): void {
    const context = (this.#context = new AudioContext());
    const analyser = context.createAnalyser();
    analyser.fftSize = 512;
    const samples = new Float32Array(analyser.fftSize);
    context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
    let shown = 0;
    const draw = () => {
      analyser.getFloatTimeDomainData(samples);
      let peak = 0;
      for (const sample of samples) peak = Math.max(peak, Math.abs(sample));
      shown = Math.max(Math.min(1, peak * 1.6), shown * 0.88);
      this.#show(shown < 0.01 ? 0 : shown);
      this.#frame = requestAnimationFrame(draw);
    };
    draw();
  }

  #stop(): void {
    cancelAnimationFrame(this.#frame);
    void this.#context?.close();
    this.#context = undefined;
    if (this.#track !== null) this.#show(0);
  }
}
