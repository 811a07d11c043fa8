/* The room's clock: the server's time, in ms since 1970, told from this browser's own steady counter.

   A burst of pings; the one with the shortest way there and back is the most exact, to half of its way. */
const PINGS = 18;
const PAUSE = 70;
const REMEASURE = 60_000;
const TRUST = 300_000;

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

export class RoomClock {
  constructor(wire) {
    this.wire = wire;
    this.best = null;
    this.burst = null;
    this.ready = new Promise((done) => (this.markReady = done));
    wire.on("pong", (message) => this.hear(message));
  }

  hear({ t, server }) {
    const now = performance.now();
    const trip = now - t;
    if (this.burst && trip >= 0 && (!this.burst.best || trip < this.burst.best.trip)) {
      this.burst.best = { trip, offset: server + trip / 2 - now, at: now };
    }
  }

  /** Send a burst of pings and keep the best answer. */
  async measure() {
    if (this.burst) return;
    this.burst = { best: null };
    for (let i = 0; i < PINGS && this.wire.open; i += 1) {
      this.wire.send({ type: "ping", t: performance.now() });
      await pause(PAUSE);
    }
    await pause(150);
    const { best } = this.burst;
    this.burst = null;
    if (!best) return;
    const stale = !this.best || performance.now() - this.best.at > TRUST;
    if (stale || best.trip <= this.best.trip * 1.5 + 1) this.best = best;
    this.markReady();
  }

  /** Measure now and each minute, as long as the page lives. */
  keep() {
    if (this.timer) return;
    this.timer = setInterval(() => this.wire.open && this.measure(), REMEASURE);
  }

  /** Room time of a moment of performance.now(), in ms since 1970. */
  at(moment = performance.now()) {
    return moment + (this.best ? this.best.offset : performance.timeOrigin);
  }

  /** How far the clock may be off, in ms. */
  get error() {
    return this.best ? this.best.trip / 2 : 1000;
  }
}
