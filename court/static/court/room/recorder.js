/* Records this person's own sound and own picture while the court's recording runs, as pieces of about a second.

   The time of a take is taken at start(): the browser's onstart comes too late by some 70 ms. */
const SLICE = 1000;
const TYPES = {
  sound: ["audio/webm;codecs=opus", "audio/webm", "audio/mp4"],
  picture: ["video/webm;codecs=vp8", "video/webm", "video/mp4"],
};
const RATES = { sound: { audioBitsPerSecond: 48_000 }, picture: { videoBitsPerSecond: 350_000, videoKeyFrameIntervalDuration: 5000 } };

class Run {
  constructor(kind, track, recording, clock, queue) {
    this.track = track;
    this.recording = recording.id;
    this.kept = Promise.resolve();
    const mimeType = TYPES[kind].find((type) => MediaRecorder.isTypeSupported(type));
    this.recorder = new MediaRecorder(new MediaStream([track]), { mimeType, ...RATES[kind] });
    this.stopped = new Promise((done) => (this.recorder.onstop = done));
    this.recorder.ondataavailable = ({ data }) => {
      // The clock may be known better by now than when the take began: the court is told, and moves the take.
      const times = { until: clock.at() - recording.started, moved: clock.offset - offset, error: clock.error };
      if (data.size) this.kept = this.kept.then(async () => queue.keep(await this.row, data, times));
    };
    const offset = clock.offset;
    const begins = clock.at(performance.now()) - recording.started;
    this.recorder.start(SLICE);
    this.row = queue.begin({
      id: crypto.randomUUID(), recording: recording.id, kind, media_type: mimeType,
      begins_ms: Math.round(begins), clock_error_ms: clock.error,
    });
    this.queue = queue;
  }

  async stop() {
    if (this.recorder.state !== "inactive") this.recorder.stop();
    await this.stopped;
    await this.kept;
    await this.queue.finish(await this.row);
  }
}

export class Recorder {
  constructor(clock, queue) {
    this.clock = clock;
    this.queue = queue;
    this.runs = {};
  }

  /** Record these tracks into this recording; null for either means: not (any more). A new track is a new take. */
  async follow(recording, tracks) {
    this.goal = { recording, tracks };
    if (this.busy) return this.busy;
    this.busy = this.#settle().finally(() => (this.busy = null));
    return this.busy;
  }

  async #settle() {
    for (let done = null; done !== this.goal; ) {
      const goal = (done = this.goal);
      for (const kind of ["sound", "picture"]) {
        const track = goal.recording ? goal.tracks[kind] : null;
        const run = this.runs[kind];
        const fits = run && run.track === track && run.recording === goal.recording?.id && run.recorder.state !== "inactive";
        if (fits) continue;
        if (run) {
          delete this.runs[kind];
          await run.stop();
        }
        if (track && track.readyState === "live") {
          await this.clock.ready;
          this.runs[kind] = new Run(kind, track, goal.recording, this.clock, this.queue);
        }
      }
    }
  }

  get running() {
    return Object.keys(this.runs).length > 0;
  }

  /** Stop and keep the last pieces on this device. */
  async stop() {
    await this.follow(null, { sound: null, picture: null });
  }
}
