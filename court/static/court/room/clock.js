/* The room's clock: the server's time, in ms since 1970, told from this browser's own steady counter.

   The server stamped each answer after its ping was sent and before the answer was heard: so the difference of the two
   clocks lies between two bounds. The bounds of all answers are held together, and widened by what the clocks may
   drift apart between them; a busy hour only makes few of them narrow. */
const PINGS = 18;
const PAUSE = 70;
const DRIFT = 50e-6; // two clocks of the shop, at their worst

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

export class RoomClock {
  least = -Infinity;
  most = Infinity;
  heard = 0;
  asked = false;

  constructor(wire) {
    this.wire = wire;
    this.ready = new Promise((done) => (this.markReady = done));
    wire.on("pong", (message) => this.hear(message));
  }

  hear({ t, server }) {
    const now = performance.now();
    const [least, most] = [server - now, server - t];
    if (!(least <= most)) return;
    const drift = (now - this.heard) * DRIFT;
    this.heard = now;
    this.least = Math.max(least, this.least - drift);
    this.most = Math.min(most, this.most + drift);
    if (this.least > this.most) [this.least, this.most] = [least, most]; // a clock was set anew, or the device slept
    this.settle();
  }

  /** Send a burst of pings: the heartbeat's alone would take a while to narrow the bounds. */
  async measure() {
    for (let i = 0; i < PINGS && this.wire.open; i += 1) {
      this.wire.send({ type: "ping", t: performance.now() });
      await pause(PAUSE);
    }
    this.asked = true;
    this.settle();
  }

  settle() {
    if (this.asked && this.known) this.markReady();
  }

  get known() {
    return this.most < Infinity;
  }

  /** What to add to performance.now(), in ms. */
  get offset() {
    return this.known ? (this.least + this.most) / 2 : performance.timeOrigin;
  }

  /** Room time of a moment of performance.now(), in ms since 1970. */
  at(moment = performance.now()) {
    return moment + this.offset;
  }

  /** How far the clock may be off, in ms. */
  get error() {
    return (this.most - this.least) / 2 + (performance.now() - this.heard) * DRIFT;
  }
}
