/* What one sees in the room: a tile for each person, the list of people, the recording sign. Drawn from the server's state. */
import { details, elapsed, roleWord, say } from "./words.js";
import { copyOf } from "./page.js";
import { Level } from "./media.js";

const ARRIVES_WITHIN = 6_000;

const initials = (name) => name.split(/\s+/).map((part) => part[0]).slice(0, 2).join("").toUpperCase();

function mark(root, name, shown) {
  for (const found of root.querySelectorAll(`[data-mark="${name}"]`)) found.hidden = !shown;
}

export class Stage {
  constructor(root, clock) {
    this.find = (hook) => root.querySelector(`[data-${hook}]`);
    this.clock = clock;
    this.tiles = new Map();
    this.people = new Map();
    this.levels = new Map();
    this.state = null;
    this.arrived = null;
    setInterval(() => this.loudness(), 120);
    setInterval(() => this.sign(), 500);
  }

  /** Draw the room anew from its state. */
  draw(state) {
    this.state = state;
    const present = state.seats.filter((seat) => seat.here && !seat.away);
    for (const [id, tile] of this.tiles) {
      if (!present.some((seat) => seat.id === id)) {
        tile.remove();
        this.tiles.delete(id);
        this.hush(id);
      }
    }
    for (const seat of present) this.tile(seat);
    const grid = this.find("grid");
    grid.className = `grid-of-people grid-of-people--${Math.min(6, Math.max(1, this.tiles.size))}`;
    this.list(state.seats);
    this.find("count").textContent = say("count_in", { here: present.length, all: state.seats.length });
    this.sign();
  }

  tile(seat) {
    let tile = this.tiles.get(seat.id);
    const me = seat.id === details.seat;
    if (!tile) {
      tile = copyOf("tile");
      tile.dataset.seat = seat.id;
      tile.classList.toggle("tile--self", me);
      tile.querySelector("video").muted = me;
      tile.querySelector(".tile__name").textContent = me ? `${seat.name} (${say("you")})` : seat.name;
      tile.querySelector(".tile__role").textContent = roleWord(seat.role);
      tile.querySelector(".tile__face").textContent = initials(seat.name);
      tile.querySelector(".tile__waiting").textContent = me ? "" : say("connecting");
      tile.setAttribute("aria-label", `${seat.name}, ${roleWord(seat.role)}`);
      this.tiles.set(seat.id, tile);
      const grid = this.find("grid");
      if (seat.host) grid.prepend(tile);
      else grid.append(tile);
      this.ontile?.(seat.id, tile);
    }
    tile.classList.toggle("tile--dark", seat.camera_off || seat.sound_only);
    mark(tile, "muted", seat.muted || !seat.sound);
    mark(tile, "dark", seat.camera_off || seat.sound_only);
    mark(tile, "hand", seat.hand_up);
    tile.querySelector(".level").hidden = seat.muted || !seat.sound;
  }

  /** Show a person's sound and picture in their tile. */
  show(id, stream) {
    const video = this.tiles.get(id)?.querySelector("video");
    if (!video || !stream) return;
    if (video.srcObject !== stream) video.srcObject = stream;
    video.play().catch((fault) => fault.name === "NotAllowedError" && this.onblocked?.());
    const [sound] = stream.getAudioTracks();
    if (sound && this.levels.get(id)?.track !== sound) {
      this.hush(id);
      const level = new Level(sound);
      level.track = sound;
      this.levels.set(id, level);
    }
  }

  hush(id) {
    this.levels.get(id)?.stop();
    this.levels.delete(id);
  }

  link(id, state) {
    const tile = this.tiles.get(id);
    if (tile) tile.querySelector(".tile__waiting").textContent = state === "connected" ? "" : say("connecting");
  }

  loudness() {
    for (const [id, level] of this.levels) {
      const tile = this.tiles.get(id);
      if (!tile) continue;
      const seat = this.state?.seats.find((each) => each.id === id);
      const loud = seat?.muted ? 0 : level.read();
      tile.querySelector(".level").dataset.level = String(Math.min(3, Math.round(loud * 4)));
      tile.classList.toggle("tile--speaking", loud > 0.4);
    }
  }

  list(seats) {
    const list = this.find("people");
    for (const [id, item] of this.people) if (!seats.some((seat) => seat.id === id)) { item.remove(); this.people.delete(id); }
    for (const seat of seats) {
      let item = this.people.get(seat.id);
      if (!item) {
        item = copyOf("person");
        item.querySelector(".person__name").textContent = seat.id === details.seat ? `${seat.name} (${say("you")})` : seat.name;
        item.querySelector(".person__role").textContent = roleWord(seat.role);
        item.querySelector("[data-mute-person]").addEventListener("click", () => this.onmute?.(seat.id));
        this.people.set(seat.id, item);
        list.append(item);
      }
      const inside = seat.here && !seat.away;
      item.classList.toggle("person--out", !inside);
      const states = seat.away ? [say("away")] : [];
      if (!seat.away && !seat.here) states.push(say("not_here"));
      if (inside && seat.host) states.push(say("host"));
      if (inside && !seat.sound) states.push(say("no_microphone"));
      if (inside && seat.refused) states.push(say("event_refused", { name: seat.name }));
      item.querySelector(".person__state").textContent = states.join(" · ");
      mark(item, "muted", inside && (seat.muted || !seat.sound));
      mark(item, "loud", inside && !seat.muted && seat.sound);
      mark(item, "dark", inside && (seat.camera_off || seat.sound_only));
      mark(item, "hand", inside && seat.hand_up);
      mark(item, "trouble", inside && seat.stopped.length > 0);
      const button = item.querySelector("[data-mute-person]");
      button.hidden = !(details.host && inside && seat.id !== details.seat && seat.sound && !seat.muted);
      const words = say("mute_person", { name: seat.name });
      button.title = words;
      button.querySelector("span").textContent = words;
    }
  }

  /** The recording sign tells what reaches the court's disk, not what was asked for. */
  sign() {
    if (!this.state) return;
    const { room, recording } = this.state;
    let shown = "idle";
    if (room.recorded === "never") shown = "never";
    else if (!room.started) shown = "before";
    else if (recording) {
      const now = this.clock.at();
      const fresh = this.arrived !== null && now - this.arrived < ARRIVES_WITHIN && this.arrived >= recording.started;
      if (fresh) this.everFresh = recording.id;
      shown = fresh ? "on" : this.everFresh === recording.id || now - recording.started > 2 * ARRIVES_WITHIN ? "trouble" : "starting";
    }
    if (shown === "on" && this.troubled) shown = "trouble";
    const sign = this.find("sign");
    if (sign.dataset.state !== shown) {
      sign.dataset.state = shown;
      this.find("sign-words").textContent = say(`sign_${shown}`);
    }
    const time = recording && (shown === "on" || shown === "trouble") ? elapsed(this.clock.at() - recording.started) : "";
    if (this.find("sign-time").textContent !== time) this.find("sign-time").textContent = time;
  }
}
