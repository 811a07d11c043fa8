/* The buttons of the room: microphone, camera, hand, devices, and what the host may do besides. */
import { say } from "./words.js";
import { NONE } from "./media.js";
import { alertFor, csrf, fillChoices, notice } from "./page.js";

export class Controls {
  constructor(root, meeting) {
    this.meeting = meeting;
    this.find = (hook) => document.querySelector(`[data-${hook}]`);
    const on = (hook, deed) => this.find(hook)?.addEventListener("click", deed);
    on("mute", () => this.flip("muted"));
    on("hand", () => this.flip("hand_up"));
    on("dark", () => this.camera());
    on("leave", () => meeting.leave());
    on("start", () => this.ask({ type: "start" }));
    on("end-now", () => this.ask({ type: "end" }));
    on("devices", () => this.devices());
    this.find("aside-link").addEventListener("click", (event) => {
      event.preventDefault();
      meeting.move(event.currentTarget.href, "event_called_aside");
    });
    for (const button of root.querySelectorAll("[data-agree]")) {
      button.addEventListener("click", () => this.ask({ type: "consent", agree: button.dataset.agree === "yes" }));
    }
    for (const form of root.querySelectorAll("[data-room-tool]")) form.addEventListener("submit", (event) => this.tool(event));
    const { media } = meeting;
    this.find("camera-live").addEventListener("change", (event) => media.useCamera(event.target.value));
    this.find("microphone-live").addEventListener("change", (event) => media.useMicrophone(event.target.value));
    media.addEventListener("change", () => this.devices());
    this.told = {};
    this.wish = {}; // what was changed here and is not yet in the court's state
    this.asked = new Map(); // by its type, what was asked of the court and is not yet seen to be done
  }

  /** Ask the court for what must not be lost: that a session ends, that a recording stops. Asked twice, it is done once. */
  ask(message) {
    this.asked.set(message.type, message);
    this.meeting.wire.send(message);
    if (!this.meeting.wire.entered) alertFor(say("asked_waits"), { tone: "wait", seconds: 30 });
  }

  /** Change one's own microphone or hand: at once here, then at the court, even if the connection is lost now. */
  flip(name) {
    const { me, wire } = this.meeting;
    if (!me) return;
    this.wish[name] = !this.own(name);
    wire.send({ type: "state", [name]: this.wish[name] });
    this.meeting.useTracks();
    this.draw(this.meeting.state, me);
  }

  /** How one's own state is, or will be once the court has heard of it. */
  own(name) {
    return this.wish[name] ?? this.meeting.me[name];
  }

  /** After coming in again: say what the court could not hear meanwhile. */
  repeat() {
    if (Object.keys(this.wish).length) this.meeting.wire.send({ type: "state", ...this.wish });
    for (const message of this.asked.values()) this.meeting.wire.send(message);
  }

  /** Off closes the camera, light and all; on opens it again. */
  async camera() {
    const { media } = this.meeting;
    if (media.picture) {
      this.last = media.choice.camera;
      await media.useCamera(NONE);
    } else {
      await media.useCamera(this.last ?? "");
    }
  }

  /** Let the others know whether there is a picture, and a microphone at all. */
  tell() {
    const { me, media, wire } = this.meeting;
    if (!me || !wire.entered) return;
    for (const [name, value] of [["camera_off", !media.picture], ["sound", Boolean(media.sound)]]) {
      if (me[name] === value) delete this.told[name];
      else if (this.told[name] !== value) {
        this.told[name] = value;
        wire.send({ type: "state", [name]: value });
      }
    }
  }

  draw(state, me) {
    for (const name of Object.keys(this.wish)) if (this.wish[name] === me[name]) delete this.wish[name];
    if (state.room.started) this.asked.delete("start");
    if (state.room.ended) this.asked.delete("end");
    if (this.asked.get("consent")?.agree ? me.agreed : me.refused) this.asked.delete("consent");
    const [muted, handUp] = [this.own("muted"), this.own("hand_up")];
    this.#name("mute", muted, muted ? "unmute" : "mute");
    this.find("mute").disabled = !this.meeting.media.sound;
    this.#name("dark", me.camera_off, me.camera_off ? "camera_on" : "camera_off");
    this.find("dark").disabled = me.sound_only;
    this.#name("hand", handUp, handUp ? "hand_down" : "hand_up");
    if (this.find("start")) this.find("start").hidden = Boolean(state.room.started);
    const agreeing = this.find("agree-words");
    if (agreeing) {
      for (const button of document.querySelectorAll("[data-agree]")) button.setAttribute("aria-pressed", String(button.dataset.agree === "yes" ? me.agreed : me.refused));
      agreeing.textContent = say(state.recording ? "sign_on" : "sign_idle");
    }
  }

  #name(hook, pressed, key) {
    const button = this.find(hook);
    button.dataset.on = String(pressed); // its name changes with its state
    button.title = say(key);
    button.querySelector("[data-word]").textContent = say(key);
  }

  async devices() {
    const { media } = this.meeting;
    const { cameras, microphones } = await media.list();
    fillChoices(this.find("camera-live"), cameras, media.choice.camera, "camera_default", "no_camera_choice", NONE);
    fillChoices(this.find("microphone-live"), microphones, media.choice.microphone, "device_default", "no_microphone_choice", NONE);
    const troubles = ["microphone", "camera"].filter((device) => media.troubles[device]);
    this.find("devices-troubles").replaceChildren(...troubles.map((device) => notice("wait", say(`${device}_${media.troubles[device]}`))));
  }

  /** A button of a room above: done in the background, so that the meeting goes on. */
  async tool(event) {
    event.preventDefault();
    const form = event.currentTarget;
    const answerPlace = this.find("tool-answer");
    try {
      const answer = await fetch(form.action, {
        method: "POST", body: new FormData(form), headers: { "X-CSRFToken": csrf(), Accept: "application/json" },
      });
      const told = await answer.json().catch(() => ({}));
      answerPlace.textContent = told.message ?? say(answer.ok ? "done" : "tool_failed");
    } catch {
      answerPlace.textContent = say("tool_failed");
    }
  }
}
