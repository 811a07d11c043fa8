// Find and replace over the whole text, whether it is in the page or not.
import { Slices } from "./slices.js";

const LETTER = "[\\p{L}\\p{N}_]";
const UNSPACED = /[\u2e80-\u30ff\u3400-\u9fff]/;

export function pattern(sought, { caps, whole }) {
  if (!sought) return null;
  let source = sought.normalize("NFC").replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&").replace(/\s+/g, "\\s+");
  if (whole && !UNSPACED.test(sought)) source = `(?<!${LETTER})${source}(?!${LETTER})`;
  return new RegExp(source, caps ? "gu" : "giu");
}

export class Finding {
  // on: {text, show(line, first, last), change(line, text, batch), replaced(places, passages), closed()}
  constructor(root, words, on) {
    Object.assign(this, { root, words, on, hits: [], at: -1 });
    const get = (name) => root.querySelector(`[data-${name}]`);
    this.sought = get("sought");
    this.instead = get("instead");
    this.caps = get("caps");
    this.whole = get("whole");
    this.count = get("count");
    this.sought.addEventListener("input", () => this.later());
    for (const box of [this.caps, this.whole]) box.addEventListener("change", () => this.look());
    get("next").addEventListener("click", () => this.step(1));
    get("before").addEventListener("click", () => this.step(-1));
    get("replace").addEventListener("click", () => this.replaceOne());
    get("replace-all").addEventListener("click", () => this.replaceAll());
    get("close-find").addEventListener("click", () => this.close());
    root.addEventListener("keydown", (event) => {
      if (event.isComposing || event.keyCode === 229) return;
      if (event.key === "Escape") { event.preventDefault(); this.close(); }
      if (event.key === "Enter" && event.target === this.sought) { event.preventDefault(); this.step(event.shiftKey ? -1 : 1); }
      if (event.key === "Enter" && event.target === this.instead) { event.preventDefault(); this.replaceOne(); }
    });
  }

  get open() { return !this.root.hidden; }

  show(selected = "") {
    this.root.hidden = false;
    if (selected) this.sought.value = selected;
    this.sought.focus();
    this.sought.select();
    this.look();
  }

  close() {
    this.root.hidden = true;
    this.on.closed(this.hits[this.at]);
    this.hits = [];
    this.at = -1;
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), 120);
  }

  wanted() { return pattern(this.sought.value.trim(), { caps: this.caps.checked, whole: this.whole.checked }); }

  // Looks through every passage; stays at the place that was shown, or at the first after it.
  look() {
    clearTimeout(this.timer);
    const wanted = this.wanted();
    const shown = this.hits[this.at];
    this.hits = [];
    if (wanted) {
      for (const line of this.on.text.lines) {
        for (const found of line.text.matchAll(wanted)) {
          this.hits.push({ line, first: found.index, last: found.index + found[0].length });
        }
      }
    }
    this.at = shown ? this.hits.findIndex((hit) => hit.line === shown.line && hit.first === shown.first) : -1;
    this.tell();
  }

  tell() {
    const { words, hits, at } = this;
    const told = !this.sought.value.trim() ? "" : !hits.length ? words.none : at < 0 ? words.places.replace("{n}", hits.length) : words.place.replace("{at}", at + 1).replace("{n}", hits.length);
    this.count.textContent = told;
  }

  step(by) {
    this.look();
    if (!this.hits.length) return;
    if (this.at < 0) {
      const from = this.on.here();
      const next = this.hits.findIndex((hit) => hit.line.at >= from);
      this.at = by > 0 ? Math.max(0, next) : (next <= 0 ? this.hits.length : next) - 1;
    } else {
      this.at = (this.at + by + this.hits.length) % this.hits.length;
    }
    this.reveal();
  }

  reveal() {
    const hit = this.hits[this.at];
    this.tell();
    if (hit) this.on.show(hit.line, hit.first, hit.last);
  }

  replaceOne() {
    this.look();
    const hit = this.hits[this.at];
    if (!hit) { this.step(1); return; }
    const text = hit.line.text.slice(0, hit.first) + this.instead.value + hit.line.text.slice(hit.last);
    this.on.change(hit.line, text, null);
    const past = hit.first + this.instead.value.length;
    this.look();
    this.at = this.hits.findIndex((one) => one.line.at > hit.line.at || (one.line === hit.line && one.first >= past));
    if (this.at < 0 && this.hits.length) this.at = 0;
    this.reveal();
  }

  // Hundreds of passages may be changed: in slices, each looked through again when its turn has come.
  async replaceAll() {
    if (this.replacing) return;
    this.look();
    const lines = [...new Set(this.hits.map((hit) => hit.line))];
    if (!lines.length) return;
    const wanted = this.wanted();
    const instead = this.instead.value;
    const batch = crypto.randomUUID();
    const slices = new Slices();
    let [places, passages] = [0, 0];
    this.replacing = true;
    try {
      for (const line of lines) {
        await slices.rest();
        const found = line.text.match(wanted)?.length ?? 0;
        if (!found || this.on.text.lines[line.at] !== line) continue; // changed, or gone meanwhile
        this.on.change(line, line.text.replace(wanted, () => instead), batch);
        places += found;
        passages += 1;
      }
    } finally {
      this.replacing = false;
    }
    if (this.open) this.look();
    this.on.replaced(places, passages);
  }
}
