/* This person's own camera and microphone, and how loud a sound is. */
const REASONS = {
  NotAllowedError: "refused", SecurityError: "refused", NotFoundError: "missing", OverconstrainedError: "missing",
  NotReadableError: "busy", AbortError: "busy",
};
export const NONE = "none";

let sounds;
/** One audio context for the whole page; it wakes on the first gesture. */
export function soundContext() {
  sounds ??= new AudioContext();
  if (sounds.state === "suspended") sounds.resume().catch(() => {});
  return sounds;
}

/** Measures the level of a sound track, 0 to 1. */
export class Level {
  constructor(track) {
    const context = soundContext();
    this.source = context.createMediaStreamSource(new MediaStream([track]));
    this.analyser = context.createAnalyser();
    this.analyser.fftSize = 1024;
    this.samples = new Float32Array(this.analyser.fftSize);
    this.source.connect(this.analyser);
  }

  read() {
    this.analyser.getFloatTimeDomainData(this.samples);
    let sum = 0;
    for (const sample of this.samples) sum += sample * sample;
    const decibels = 10 * Math.log10(sum / this.samples.length + 1e-9);
    return Math.min(1, Math.max(0, (decibels + 60) / 50));
  }

  stop() {
    this.source.disconnect();
  }
}

export class Media extends EventTarget {
  sound = null;
  picture = null;
  choice = { camera: "", microphone: "" };
  troubles = {};

  constructor() {
    super();
    try {
      this.choice = { ...this.choice, ...JSON.parse(localStorage.getItem("court-devices") ?? "{}") };
    } catch { /* no storage: the default devices */ }
  }

  /** Open or change the microphone: a device id, "" for the default one, or NONE. */
  async useMicrophone(id) {
    this.choice.microphone = id;
    const wanted = { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true };
    await this.#use("sound", "microphone", id, { audio: id ? { ...wanted, deviceId: { exact: id } } : wanted });
  }

  /** Open or change the camera, or NONE to close it. */
  async useCamera(id) {
    this.choice.camera = id;
    const wanted = { width: { ideal: 640 }, height: { ideal: 360 }, frameRate: { ideal: 15, max: 20 } };
    await this.#use("picture", "camera", id, { video: id ? { ...wanted, deviceId: { exact: id } } : wanted });
  }

  async #use(kind, device, id, constraints) {
    this.troubles[device] = null;
    this.#drop(kind);
    if (id !== NONE) {
      try {
        const stream = await navigator.mediaDevices.getUserMedia(constraints);
        [this[kind]] = stream.getTracks();
        this[kind].addEventListener("ended", () => {
          this.#drop(kind);
          this.troubles[device] = "lost";
          this.#changed(kind);
        });
      } catch (fault) {
        if (fault.name === "OverconstrainedError" && id) return this.#use(kind, device, "", constraints.audio ? { audio: true } : { video: true });
        this.troubles[device] = REASONS[fault.name] ?? "busy";
      }
    }
    try {
      localStorage.setItem("court-devices", JSON.stringify(this.choice));
    } catch { /* not kept */ }
    this.#changed(kind);
  }

  #drop(kind) {
    this[kind]?.stop();
    this[kind] = null;
  }

  #changed(kind) {
    this.dispatchEvent(new CustomEvent("change", { detail: kind }));
  }

  /** The devices one can choose from: {cameras, microphones} of {id, label}. */
  async list() {
    const all = await navigator.mediaDevices.enumerateDevices();
    const of = (kind) => all.filter((d) => d.kind === kind && d.deviceId !== "default" && d.deviceId !== "communications")
      .map(({ deviceId, label }) => ({ id: deviceId, label }));
    return { cameras: of("videoinput"), microphones: of("audioinput") };
  }

  stop() {
    this.#drop("sound");
    this.#drop("picture");
  }
}
