// Keeps what is being said on the screen, until the reader scrolls; then offers the way back.

const STOPS = new Set(["PageUp", "PageDown", "Home", "End", "ArrowUp", "ArrowDown"]);

export class Follow {
  constructor(words, button, isPlaying) {
    this.words = words;
    this.button = button;
    this.isPlaying = isPlaying;
    this.on = true;
    this.line = -1;
    const stop = () => this.stop();
    window.addEventListener("wheel", stop, { passive: true });
    window.addEventListener("touchmove", stop, { passive: true });
    window.addEventListener("keydown", (event) => { if (STOPS.has(event.key)) this.stop(); });
    button.addEventListener("click", () => this.again());
  }

  stop() {
    if (!this.on || !this.isPlaying()) return;
    this.on = false;
    this.button.hidden = false;
  }

  again() {
    this.on = true;
    this.button.hidden = true;
    this.show(true);
  }

  // Called with the line spoken now; measures the page only when that has changed.
  at(line) {
    if (line === this.line) return;
    this.line = line;
    if (this.on) this.show(false);
  }

  show(always) {
    const element = this.words.lines[this.line]?.element;
    if (!element) return;
    const place = element.getBoundingClientRect();
    const height = window.innerHeight;
    if (!always && place.top > height * 0.25 && place.bottom < height * 0.75) return;
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    element.scrollIntoView({ block: "center", behavior: calm || always ? "auto" : "smooth" });
  }
}
