/* The room's page: from the check of devices into the meeting, and out of it. */
import { details, knows, say } from "./words.js";
import { RoomClock } from "./clock.js";
import { Wire } from "./wire.js";
import { Media, NONE, soundContext } from "./media.js";
import { Mesh } from "./mesh.js";
import { Queue } from "./queue.js";
import { Recorder } from "./recorder.js";
import { Check, unfit } from "./check.js";
import { Stage } from "./stage.js";
import { Chat } from "./chat.js";
import { Controls } from "./controls.js";
import { alertFor, announce, notice } from "./page.js";

const root = document.querySelector("[data-room]");
const find = (hook) => root.querySelector(`[data-${hook}]`);
const tab = crypto.randomUUID?.() ?? String(Math.random()).slice(2);
const MOVING = "court-moving-to";

class Meeting {
  constructor() {
    this.media = new Media();
    this.queue = new Queue();
    this.wire = new Wire(details.socket, () => ({ tab, sound: Boolean(this.media.sound) }));
    this.clock = new RoomClock(this.wire);
    this.recorder = new Recorder(this.clock, this.queue);
    this.mesh = new Mesh(this.wire, { me: details.seat, ice: details.ice });
    this.stage = new Stage(root, this.clock);
    this.chat = new Chat(root, this.wire);
    this.controls = new Controls(root, this);
    this.streams = new Map();
    this.state = null;
    this.listen();
  }

  listen() {
    this.wire
      .on("entered", (message) => this.entered(message))
      .on("news", (message) => this.news(message))
      .on("arrival", ({ at }) => { this.stage.arrived = at; this.stage.sign(); })
      .on("refused", ({ reason }) => this.refused(reason))
      .on("lost", ({ reason }) => this.lost(reason))
      .on("down", (down) => this.down(down));
    this.mesh
      .on("stream", ({ seat, stream }) => { this.streams.set(seat, stream); this.stage.show(seat, stream); })
      .on("link", ({ seat, state }) => this.stage.link(seat, state))
      .on("gone", ({ seat }) => { this.streams.delete(seat); this.stage.hush(seat); });
    this.stage.ontile = (id) => (id === details.seat ? this.showSelf() : this.stage.show(id, this.streams.get(id)));
    this.stage.onmute = (seat) => this.wire.send({ type: "mute", seat });
    this.stage.onblocked = () => (find("sound-blocked").hidden = false);
    find("unblock").addEventListener("click", () => {
      find("sound-blocked").hidden = true;
      soundContext();
      for (const [id, stream] of this.streams) this.stage.show(id, stream);
    });
    this.queue.addEventListener("trouble", ({ detail }) => alertFor(say(detail), { tone: "bad", seconds: 30 }));
    this.queue.addEventListener("alarm", () => { this.stage.troubled = this.queue.alarms.size > 0; this.stage.sign(); });
    this.queue.addEventListener("progress", () => this.progress());
    this.media.addEventListener("change", () => this.entry && this.useTracks());
    addEventListener("online", () => this.wire.hurry());
    addEventListener("pagehide", () => this.recorder.stop());
  }

  join() {
    document.documentElement.classList.add("in-room");
    find("over").hidden = true;
    find("live").hidden = false;
    find("live").focus();
    find("alerts").replaceChildren();
    announce(say("joining"));
    this.wire.connect();
  }

  entered({ returned }) {
    this.entry = true;
    find("connection").hidden = true;
    this.chat.open(true);
    if (returned) announce(say("connection_back"));
    this.clock.measure();
    this.queue.wake();
    this.controls.repeat();
    this.controls.tell();
  }

  news({ events, chat, state }) {
    this.state = state;
    const me = state.seats.find((seat) => seat.id === state.me);
    this.me = me;
    this.mesh.sync(state.seats.filter((seat) => seat.here && !seat.away && seat.id !== state.me));
    this.stage.draw(state);
    this.chat.add(chat);
    for (const event of events) this.happened(event, state);
    this.controls.draw(state, me);
    this.useTracks();
    const aside = find("aside-call");
    aside.hidden = !state.room.aside;
    if (state.room.aside) find("aside-link").href = state.room.aside;
    document.dispatchEvent(new CustomEvent("court:room", { detail: state })); // for what the rooms above show beside it
    if (state.room.ended && !details.main) this.over("ended");
  }

  happened({ kind, seat, details: told }, state) {
    const mine = seat === state.me;
    const name = state.seats.find((each) => each.id === seat)?.name ?? "";
    if (kind === "called_aside" && told.url) return void this.move(told.url, "event_called_aside");
    if (kind === "called_back" && told.url) return void this.move(told.url, "event_called_back");
    if (kind === "track_stopped") {
      if (mine || details.host) alertFor(say(mine ? "event_track_stopped_you" : "event_track_stopped", { name }), { tone: "bad", seconds: 20 });
      return;
    }
    if (kind === "muted" && mine && told.by) {
      delete this.controls.wish.muted;
      return alertFor(say("event_muted_you"));
    }
    if (kind === "track_resumed" && !details.host) return;
    if (["came", "left", "away", "back", "hand_up", "muted"].includes(kind) && mine) return;
    if (knows(`event_${kind}`) && kind !== "muted") announce(say(`event_${kind}`, { name }));
  }

  /** Send and record what this person lets out, as the state of the room allows. */
  useTracks() {
    if (!this.me) return;
    const { sound, picture } = this.media;
    if (sound) sound.enabled = !this.controls.own("muted");
    const out = { sound, picture: this.me.sound_only ? null : picture };
    this.mesh.use(out);
    this.showSelf();
    const going = this.entry && !this.moving && this.state?.recording && !this.state.room.ended;
    this.recorder.follow(going ? this.state.recording : null, out);
    this.controls.tell();
  }

  showSelf() {
    const video = this.stage.tiles.get(details.seat)?.querySelector("video");
    if (!video) return;
    const { picture, sound } = this.media;
    if (this.selfPicture !== picture || !video.srcObject) {
      this.selfPicture = picture;
      video.srcObject = new MediaStream(picture ? [picture] : []);
    }
    if (sound && this.selfSound !== sound) {
      this.selfSound = sound;
      this.stage.show(details.seat, new MediaStream([...(picture ? [picture] : []), sound]));
    }
    this.stage.link(details.seat, "connected");
  }

  /** Go to a side room or back: nothing of this person goes out here any more, and what was recorded is kept. */
  async move(url, words) {
    if (this.moving) return;
    this.moving = true;
    announce(say(words));
    this.mesh.close();
    await Promise.race([this.recorder.stop(), new Promise((done) => setTimeout(done, 2500))]);
    this.wire.leave();
    try {
      sessionStorage.setItem(MOVING, new URL(url, location.href).pathname);
    } catch { /* the check is shown once more */ }
    setTimeout(() => location.assign(url), 250);
  }

  down({ wait, tries }) {
    if (tries < 2) return;
    find("connection").hidden = false;
    const words = [wait ? say("connection_wait", { seconds: wait }) : say("connection_lost")];
    if (this.controls.asked.size) words.push(say("asked_waits"));
    find("connection-words").textContent = words.join(" ");
    if (tries === 2) announce(say("connection_lost"));
  }

  refused(reason) {
    const text = say(knows(`refused_${reason}`) ? `refused_${reason}` : "refused_other");
    if (this.wire.entered) {
      this.controls.asked.clear(); // it was heard, and is not to be
      return alertFor(text);
    }
    if (this.entry && reason === "ended") return this.over("ended");
    this.out("lost_title", text, true);
    return undefined;
  }

  lost(reason) {
    if (reason === "called_back" && details.main) return this.move(details.main, "event_called_back");
    return this.out("lost_title", say(knows(`lost_${reason}`) ? `lost_${reason}` : "refused_other"), reason !== "unseated");
  }

  async leave() {
    if (details.main) return this.move(details.main, "event_called_back");
    return this.out("left_title", say("left_text"), true);
  }

  over() {
    if (this.isOver) return;
    this.isOver = true;
    this.out("ended_title", "", false);
  }

  /** Out of the room, but still on the page: what was recorded goes on being sent. */
  async out(title, text, again) {
    this.entry = false;
    this.me = null;
    this.controls.asked.clear();
    this.wire.leave();
    this.mesh.close();
    document.documentElement.classList.remove("in-room");
    find("live").hidden = true;
    for (const open of document.querySelectorAll("dialog[open]")) open.close();
    const over = find("over");
    over.hidden = false;
    find("over-title").textContent = say(title);
    find("over-text").textContent = text;
    find("over-text").hidden = !text;
    find("again").hidden = !again;
    find("over-title").focus();
    await this.recorder.stop();
    if (!this.entry) this.media.stop();
    this.progress();
  }

  async progress() {
    if (find("over").hidden) return;
    const count = await this.queue.waiting();
    if (count) this.sentSome = true;
    find("sending").textContent = count ? say("sending", { count }) : this.sentSome || this.isOver ? say("sent") : "";
  }

  async rejoin() {
    await this.media.useMicrophone(this.media.choice.microphone);
    if (this.media.choice.camera !== NONE) await this.media.useCamera(this.media.choice.camera);
    this.join();
  }
}

async function begin() {
  const fault = unfit();
  if (fault) {
    find("alerts").append(notice("bad", say(fault)));
    return;
  }
  const meeting = new Meeting();
  await meeting.queue.open();
  if (details.ended) {
    if (details.main) location.assign(details.main);
    else meeting.over();
    return;
  }
  const check = new Check(find("check"), meeting.media, () => meeting.join());
  find("again").addEventListener("click", () => meeting.rejoin());
  const moved = sessionStorage.getItem(MOVING) === location.pathname;
  sessionStorage.removeItem(MOVING);
  if (moved && (details.recorded === "never" || details.agreed || details.refused)) {
    await check.openAll();
    meeting.join();
  } else {
    await check.begin();
  }
}

begin();
