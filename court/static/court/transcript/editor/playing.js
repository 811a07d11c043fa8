// The sound while one types: goes back a little when it is played on, and repeats a passage if asked to.
import { Player } from "../player.js";

const REWIND_KEPT = "court.editor.rewind";

export class Playing extends Player {
  constructor(root, onTime) {
    super(root, onTime);
    this.rewind = root.querySelector("[data-rewind]");
    this.repeating = null;
    this.moved = true;
    try { this.rewind.value = localStorage.getItem(REWIND_KEPT) ?? "1"; } catch { /* a browser that keeps nothing */ }
    if (!this.rewind.value) this.rewind.value = "1";
    this.rewind.addEventListener("change", () => {
      try { localStorage.setItem(REWIND_KEPT, this.rewind.value); } catch { /* a browser that keeps nothing */ }
    });
    this.sound.addEventListener("pause", () => { this.moved = false; });
  }

  toggle() {
    if (this.playing) { this.sound.pause(); return; }
    if (!this.moved) super.seek(this.time - Number(this.rewind.value));
    this.play();
  }

  seek(seconds) {
    this.moved = true;
    super.seek(seconds);
  }

  from(seconds) {
    this.seek(seconds);
    this.play();
  }

  // Plays from start to end over and over; once more ends it.
  repeat(start, end) {
    if (this.repeating) { this.stopRepeating(); return false; }
    this.repeating = { start, end };
    this.from(start);
    return true;
  }

  stopRepeating() {
    this.repeating = null;
    this.sound.pause();
  }

  tell() {
    super.tell();
    const part = this.repeating;
    if (part && this.playing && (this.time > part.end + 0.3 || this.time < part.start - 3)) this.seek(part.start);
  }
}
