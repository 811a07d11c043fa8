// The bar that plays the recording. Tells `onTime(seconds)` at every frame while it plays, and after every wind.
import { clock, showPlaying } from "./clock.js";

const SPEED_KEPT = "court.speed";

export class Player {
  constructor(root, onTime) {
    this.root = root;
    this.onTime = onTime;
    this.sound = root.querySelector("[data-sound]");
    this.button = root.querySelector("[data-play]");
    this.bar = root.querySelector("[data-seek]");
    this.now = root.querySelector("[data-now]");
    this.speed = root.querySelector("[data-speed]");
    this.length = Number(root.dataset.seconds);
    this.winding = false;
    this.sound.controls = false;
    root.querySelector("[data-controls]").hidden = false;
    this.listen();
    this.recallSpeed();
    this.show(0);
  }

  listen() {
    this.button.addEventListener("click", () => this.toggle());
    for (const skip of this.root.querySelectorAll("[data-skip]")) {
      skip.addEventListener("click", () => this.skip(Number(skip.dataset.skip)));
    }
    this.bar.addEventListener("input", () => { this.winding = true; this.show(Number(this.bar.value)); });
    this.bar.addEventListener("change", () => { this.winding = false; this.seek(Number(this.bar.value)); });
    this.speed.addEventListener("change", () => this.setSpeed(this.speed.value));
    this.sound.addEventListener("play", () => { showPlaying(this.button, true); this.run(); });
    this.sound.addEventListener("pause", () => showPlaying(this.button, false));
    this.sound.addEventListener("ended", () => showPlaying(this.button, false));
    this.sound.addEventListener("seeked", () => this.tell());
    this.sound.addEventListener("loadedmetadata", () => {
      if (Number.isFinite(this.sound.duration)) this.length = Math.max(this.length, this.sound.duration);
      this.bar.max = this.length;
      if (this.wanted !== undefined) this.sound.currentTime = this.wanted;
    });
    this.sound.addEventListener("error", () => this.failed());
  }

  get time() { return this.wanted ?? this.sound.currentTime; }
  get playing() { return !this.sound.paused; }

  toggle() { return this.playing ? this.sound.pause() : this.play(); }

  play() {
    this.root.querySelector("[data-sound-problem]").hidden = true;
    this.sound.play().catch((problem) => { if (problem.name !== "AbortError" && problem.name !== "NotAllowedError") this.failed(); });
  }

  skip(seconds) { this.seek(this.time + seconds); }

  seek(seconds) {
    const time = Math.min(Math.max(seconds, 0), this.length);
    this.wanted = time;  // until the browser is there: it may not know the file yet
    this.sound.currentTime = time;
    this.show(time);
    this.onTime(time, true);
  }

  setSpeed(value) {
    this.speed.value = value;
    this.sound.playbackRate = Number(this.speed.value);
    try { localStorage.setItem(SPEED_KEPT, this.speed.value); } catch { /* a browser that keeps nothing */ }
  }

  faster(step) {
    const next = this.speed.options[this.speed.selectedIndex + step];
    if (next) this.setSpeed(next.value);
  }

  recallSpeed() {
    let kept = null;
    try { kept = localStorage.getItem(SPEED_KEPT); } catch { /* a browser that keeps nothing */ }
    if (kept && [...this.speed.options].some((option) => option.value === kept)) this.setSpeed(kept);
  }

  run() {
    if (!this.playing) return;
    this.tell();
    requestAnimationFrame(() => this.run());
  }

  tell() {
    if (!this.sound.seeking) this.wanted = undefined;
    this.show(this.time);
    this.onTime(this.time, false);
  }

  show(seconds) {
    const words = clock(seconds);
    if (this.shown !== words) {
      this.shown = words;
      this.now.textContent = words;
      this.bar.setAttribute("aria-valuetext", words);
    }
    if (!this.winding) this.bar.value = seconds;
    this.bar.style.setProperty("--done", `${this.length ? (seconds / this.length) * 100 : 0}%`);
  }

  failed() {
    if (!this.sound.getAttribute("src")) return;
    this.root.querySelector("[data-sound-problem]").hidden = false;
    showPlaying(this.button, false);
  }
}
