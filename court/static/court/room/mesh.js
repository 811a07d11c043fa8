/* Peer-to-peer connections to everybody else in the room, one link a person, by perfect negotiation.

   Of two people the one with the lower seat number offers first; later offers may come from both, and the other side
   (the polite one) gives way. Each attempt has an id: what belongs to an attempt that was given up is not heard. */
const RESTART_AFTER = 5_000;
const REBUILD_AFTER = 20_000;

class Link {
  constructor(mesh, seat, tab) {
    this.mesh = mesh;
    this.seat = seat;
    this.tab = tab;
    this.polite = mesh.me > seat;
    this.remote = null;
    this.build();
  }

  build() {
    this.dispose();
    this.id = crypto.randomUUID();
    this.making = false;
    this.ignoring = false;
    this.early = [];
    this.stream = new MediaStream();
    const pc = new RTCPeerConnection({ iceServers: this.mesh.ice });
    this.pc = pc;
    pc.onnegotiationneeded = () => this.offer();
    pc.onicecandidate = ({ candidate }) => candidate && this.signal({ candidate });
    pc.ontrack = ({ track }) => {
      this.stream.addTrack(track);
      this.mesh.emit("stream", { seat: this.seat, stream: this.stream });
    };
    pc.onconnectionstatechange = () => this.watch();
    if (this.polite) {
      this.signal({ hello: true });
    } else {
      for (const kind of ["audio", "video"]) pc.addTransceiver(kind, { direction: "sendrecv" });
      this.attach();
    }
    this.rebuildTimer = setTimeout(() => this.rebuild(), REBUILD_AFTER);
  }

  dispose() {
    clearTimeout(this.restartTimer);
    clearTimeout(this.rebuildTimer);
    if (!this.pc) return;
    this.pc.onnegotiationneeded = this.pc.onicecandidate = this.pc.ontrack = this.pc.onconnectionstatechange = null;
    this.pc.close();
    this.pc = null;
  }

  rebuild() {
    this.remote = null;
    this.build();
  }

  signal(data) {
    this.mesh.wire.send({ type: "signal", to: this.seat, link: this.id, to_link: this.remote, data });
  }

  /** Put this person's tracks on the two lines that every link has: sound and picture. */
  attach() {
    for (const transceiver of this.pc.getTransceivers()) {
      const kind = transceiver.receiver.track.kind;
      const track = kind === "audio" ? this.mesh.tracks.sound : this.mesh.tracks.picture;
      if (transceiver.direction !== "sendrecv") transceiver.direction = "sendrecv";
      if (transceiver.sender.track !== track) transceiver.sender.replaceTrack(track).catch(() => {});
    }
  }

  async offer() {
    const { pc } = this;
    try {
      this.making = true;
      await pc.setLocalDescription();
      if (pc === this.pc) this.signal({ description: pc.localDescription });
    } catch { /* closed meanwhile */ } finally {
      this.making = false;
    }
  }

  async hear({ link, to_link: toLink, data }) {
    if (toLink !== null && toLink !== this.id) return;
    if (this.remote !== null && this.remote !== link) {
      // The other side has begun anew: so do we.
      this.remote = link;
      this.build();
    }
    this.remote = link;
    const { pc } = this;
    try {
      if (data.hello) {
        if (pc.signalingState === "have-local-offer") this.signal({ description: pc.localDescription });
      } else if (data.restart) {
        pc.restartIce();
      } else if (data.description) {
        await this.describe(pc, data.description);
      } else if (data.candidate) {
        if (pc.remoteDescription) await pc.addIceCandidate(data.candidate);
        else this.early.push(data.candidate);
      }
    } catch (fault) {
      if (!this.ignoring && pc === this.pc) console.warn("A signal could not be used:", fault.name);
    }
  }

  async describe(pc, description) {
    const clash = description.type === "offer" && (this.making || pc.signalingState !== "stable");
    this.ignoring = !this.polite && clash;
    if (this.ignoring || (description.type === "answer" && pc.signalingState !== "have-local-offer")) return;
    await pc.setRemoteDescription(description);
    for (const candidate of this.early.splice(0)) await pc.addIceCandidate(candidate);
    if (description.type === "offer") {
      this.attach();
      await pc.setLocalDescription();
      this.signal({ description: pc.localDescription });
    }
  }

  watch() {
    const state = this.pc.connectionState;
    this.mesh.emit("link", { seat: this.seat, state });
    clearTimeout(this.restartTimer);
    clearTimeout(this.rebuildTimer);
    if (state === "connected") return;
    this.rebuildTimer = setTimeout(() => this.rebuild(), REBUILD_AFTER);
    if (state === "failed") this.restart();
    if (state === "disconnected") this.restartTimer = setTimeout(() => this.restart(), RESTART_AFTER);
  }

  restart() {
    if (this.polite) this.signal({ restart: true });
    else this.pc?.restartIce();
  }
}

export class Mesh {
  constructor(wire, { me, ice }) {
    this.wire = wire;
    this.me = me;
    this.ice = ice;
    this.links = new Map();
    this.tracks = { sound: null, picture: null };
    this.ears = new Map();
    wire.on("signal", (message) => this.hear(message));
  }

  on(kind, ear) {
    this.ears.set(kind, ear);
    return this;
  }

  emit(kind, value) {
    this.ears.get(kind)?.(value);
  }

  /** Send these tracks to everybody; null sends nothing of that kind. */
  use(tracks) {
    this.tracks = { ...this.tracks, ...tracks };
    for (const link of this.links.values()) if (link.pc.getTransceivers().length) link.attach();
  }

  /** Have a link to each of these seats and to nobody else. */
  sync(seats) {
    const wanted = new Map(seats.map(({ id, tab }) => [id, tab]));
    for (const [seat, link] of this.links) {
      if (wanted.get(seat) !== link.tab) this.drop(seat);
    }
    for (const [seat, tab] of wanted) {
      if (!this.links.has(seat)) this.links.set(seat, new Link(this, seat, tab));
    }
    this.known = wanted;
  }

  hear(message) {
    const seat = message.from;
    if (!this.links.has(seat)) {
      if (!this.known?.has(seat)) return; // the news of their coming brings a link, and their offer is repeated
      this.links.set(seat, new Link(this, seat, this.known.get(seat)));
    }
    this.links.get(seat).hear(message);
  }

  drop(seat) {
    this.links.get(seat)?.dispose();
    this.links.delete(seat);
    this.emit("gone", { seat });
  }

  /** Close every link: nothing goes out any more. */
  close() {
    for (const seat of [...this.links.keys()]) this.drop(seat);
  }
}
