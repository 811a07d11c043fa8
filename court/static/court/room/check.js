/* Before joining: choose camera and microphone, see and hear that they work, answer the notice of recording. */
import { details, say } from "./words.js";
import { Level, NONE } from "./media.js";
import { csrf, fillChoices, notice } from "./page.js";

const MOVED = 0.35;

/** Why this browser cannot hold a meeting at all, as a key of the sentences; null if it can. */
export function unfit() {
  if (!globalThis.isSecureContext) return "insecure";
  const able = globalThis.RTCPeerConnection && globalThis.MediaRecorder && navigator.mediaDevices?.getUserMedia
    && globalThis.WebSocket && globalThis.crypto?.subtle;
  return able ? null : "too_old";
}

export class Check {
  constructor(root, media, join) {
    this.root = root;
    this.media = media;
    this.join = join;
    this.find = (hook) => root.querySelector(`[data-${hook}]`);
    this.form = this.find("join-form");
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.submit(); });
    this.find("camera").addEventListener("change", (event) => this.change(() => media.useCamera(event.target.value)));
    this.find("microphone").addEventListener("change", (event) => this.change(() => media.useMicrophone(event.target.value)));
    this.find("retry").addEventListener("click", () => this.change(() => this.openAll()));
    media.addEventListener("change", () => this.draw());
    navigator.mediaDevices.addEventListener?.("devicechange", () => this.draw());
  }

  async begin() {
    this.root.hidden = false;
    this.find("meter-words").textContent = say("meter_waiting");
    if (details.opensIn > 0) {
      const opens = Date.now() + details.opensIn + 500;
      const wait = setInterval(() => { // a laptop may sleep, and a timer cannot wait for weeks
        if (Date.now() < opens) return;
        clearInterval(wait);
        this.opens();
      }, 1000);
    }
    await this.change(() => this.openAll());
  }

  async openAll() {
    await this.media.useMicrophone(this.media.choice.microphone);
    await this.media.useCamera(this.media.choice.camera);
  }

  change(deed) {
    this.warned = false;
    this.opening = (async () => {
      await deed();
      await this.draw();
    })();
    return this.opening;
  }

  opens() {
    this.find("early")?.replaceChildren(notice("wait", say("opens_soon")));
    this.find("join").hidden = false;
  }

  async draw() {
    const { media } = this;
    const { cameras, microphones } = await media.list();
    fillChoices(this.find("camera"), cameras, media.choice.camera, "camera_default", "no_camera_choice", NONE);
    fillChoices(this.find("microphone"), microphones, media.choice.microphone, "device_default", "no_microphone_choice", NONE);
    const preview = this.find("preview");
    if (media.picture !== this.shown) {
      this.shown = media.picture;
      preview.srcObject = media.picture ? new MediaStream([media.picture]) : null;
    }
    this.find("preview-dark").hidden = Boolean(media.picture);
    const troubles = ["microphone", "camera"].filter((device) => media.troubles[device]).map((device) => `${device}_${media.troubles[device]}`);
    const key = troubles.join();
    if (key !== this.toldTroubles) {
      this.toldTroubles = key;
      this.find("check-troubles").replaceChildren(...troubles.map((trouble) => notice(trouble.startsWith("microphone") ? "bad" : "wait", say(trouble))));
    }
    this.find("retry-row").hidden = !troubles.length;
    this.meter();
  }

  /** The bar that moves when the microphone hears something. */
  meter() {
    if (this.listens === this.media.sound) return;
    this.listens = this.media.sound;
    this.level?.stop();
    clearInterval(this.watch);
    const bar = this.find("meter");
    delete bar.dataset.level;
    if (!this.listens) return;
    this.level = new Level(this.listens);
    this.watch = setInterval(() => {
      const level = this.level.read();
      bar.dataset.level = String(Math.round(level * 8));
      if (level > MOVED && !this.moved) {
        this.moved = true;
        this.find("meter-words").textContent = say("meter_moved");
      }
    }, 100);
  }

  get answer() {
    const chosen = this.form.elements.agree;
    if (!chosen) return undefined;
    if (details.recorded === "always") return chosen.checked ? true : null;
    return chosen.value ? chosen.value === "yes" : null;
  }

  async submit() {
    if (this.sending) return;
    const wrong = this.root.querySelector("[data-consent-error]");
    const { answer } = this;
    if (answer === null) {
      wrong.hidden = false;
      wrong.querySelector("p").textContent = say(details.recorded === "always" ? "must_accept" : "choose_consent");
      wrong.setAttribute("role", "alert");
      this.root.querySelector("[data-consent]").classList.add("field--wrong");
      this.form.querySelector('[name="agree"]').focus();
      return;
    }
    if (wrong) wrong.hidden = true;
    this.root.querySelector("[data-consent]")?.classList.remove("field--wrong");
    this.sending = true;
    try {
      await this.opening; // a camera or microphone that is still being opened
      if (!this.media.sound && !this.warned) {
        this.warned = true;
        this.find("check-troubles").append(notice("wait", say("go_mute_warning")));
        return;
      }
      if (answer !== undefined) {
        const told = await fetch(details.consent, {
          method: "POST", body: JSON.stringify({ agree: answer }),
          headers: { "Content-Type": "application/json", "X-CSRFToken": csrf() },
        });
        if (!told.ok) throw new Error(String(told.status));
      }
      this.end();
      this.join();
    } catch (fault) {
      this.find("check-troubles").replaceChildren(notice("bad", say(fault.message === "401" ? "signed_out" : "tool_failed")));
    } finally {
      this.sending = false;
    }
  }

  end() {
    clearInterval(this.watch);
    this.level?.stop();
    this.level = this.listens = null;
    this.root.hidden = true;
  }
}
