/* The socket to the court. It comes back by itself, and what was missed is sent again by the number of the last event. */
const WAITS = [0, 2, 5, 10, 15, 20, 30];
const HEARTBEAT = 2000;
const SILENCE = 9000;

export class Wire {
  constructor(path, entry) {
    this.path = path;
    this.entry = entry; // () => what to say on coming in
    this.ears = new Map();
    this.tries = 0;
    this.wanted = false;
    this.entered = false;
    this.event = null;
  }

  on(kind, ear) {
    this.ears.set(kind, [...(this.ears.get(kind) ?? []), ear]);
    return this;
  }

  emit(kind, value) {
    for (const ear of this.ears.get(kind) ?? []) ear(value);
  }

  get open() {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  send(message) {
    if (this.open) this.socket.send(JSON.stringify(message));
    return this.open;
  }

  connect() {
    this.wanted = true;
    clearTimeout(this.again);
    const address = new URL(this.path, location.href);
    address.protocol = address.protocol.replace("http", "ws");
    const socket = new WebSocket(address);
    this.socket = socket;
    this.heard = Date.now();
    socket.onopen = () => {
      if (this.socket !== socket) return;
      this.send({ type: "enter", event: this.event, ...this.entry() });
    };
    socket.onmessage = (message) => {
      if (this.socket !== socket) return;
      this.heard = Date.now();
      this.read(JSON.parse(message.data));
    };
    socket.onclose = (closing) => this.socket === socket && this.closed(closing);
    clearInterval(this.heart);
    this.heart = setInterval(() => this.beat(socket), HEARTBEAT);
  }

  beat(socket) {
    if (this.socket !== socket) return;
    if (this.open) this.send({ type: "ping", t: performance.now() });
    if (Date.now() - this.heard > SILENCE) {
      // A socket that says nothing is dead, whatever it claims.
      socket.onclose = null;
      socket.close();
      this.closed({ code: 1006 });
    }
  }

  read(message) {
    if (message.type === "entered") {
      const returned = this.everEntered;
      this.tries = 0;
      this.entered = this.everEntered = true;
      this.event ??= message.event;
      this.emit("entered", { ...message, returned });
      return;
    }
    if (message.type === "news") {
      for (const event of message.events) this.event = Math.max(this.event ?? 0, event.id);
    }
    if (message.type === "lost" || (message.type === "refused" && !this.entered)) this.wanted = false;
    this.emit(message.type, message);
  }

  closed({ code }) {
    clearInterval(this.heart);
    this.entered = false;
    if (!this.wanted) return;
    const wait = WAITS[Math.min(this.tries, WAITS.length - 1)];
    this.tries += 1;
    this.emit("down", { code, wait, tries: this.tries });
    this.again = setTimeout(() => this.connect(), wait * 1000 + Math.random() * 250);
  }

  /** Try now rather than at the next turn. */
  hurry() {
    if (this.wanted && !this.open && this.socket?.readyState !== WebSocket.CONNECTING) this.connect();
  }

  /** Go out for good. */
  leave() {
    this.wanted = false;
    clearTimeout(this.again);
    clearInterval(this.heart);
    if (this.open) this.send({ type: "leave" });
    const socket = this.socket;
    this.socket = null;
    setTimeout(() => socket?.close(), 300);
  }
}
