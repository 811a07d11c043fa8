// Marks on words without touching the text: what is being said, what the machine was unsure of, what was found.
import { wordsNow } from "./text.js";

const LINGER = 0.35; // seconds a word stays marked in the pause after it
const able = typeof Highlight === "function" && Boolean(CSS.highlights);

export class Marks {
  constructor() {
    this.of = {};
    this.ranges = new Map(); // by line: the ranges of words the machine was unsure of
    if (!able) return;
    for (const name of ["spoken", "unsure", "found"]) {
      this.of[name] = new Highlight();
      CSS.highlights.set(`editor-${name}`, this.of[name]);
    }
    this.of.spoken.priority = 2;
    this.of.found.priority = 1;
  }

  range(holder, first, last) {
    const node = holder.firstChild;
    if (!node || last > node.length) return null;
    const range = new Range();
    range.setStart(node, first);
    range.setEnd(node, last);
    return range;
  }

  drawn(line, holder) {
    if (!able) return;
    this.gone(line);
    const made = [];
    for (const word of wordsNow(line)) {
      if (!word.unsure) continue;
      const range = this.range(holder, word.first, word.last);
      if (range) { made.push(range); this.of.unsure.add(range); }
    }
    if (made.length) this.ranges.set(line, made);
  }

  gone(line) {
    if (!able) return;
    for (const range of this.ranges.get(line) ?? []) this.of.unsure.delete(range);
    this.ranges.delete(line);
  }

  found(holder, first, last) {
    if (!able) return;
    this.of.found.clear();
    const range = holder && this.range(holder, first, last);
    if (range) this.of.found.add(range);
  }

  // Marks the words said at a second in the lines given as [line, holder].
  spoken(second, lines) {
    if (!able) return;
    this.of.spoken.clear();
    for (const [line, holder] of lines) {
      let now = null;
      for (const word of wordsNow(line)) if (word.start !== null && word.start <= second + 0.01) now = word;
      const range = now && second < now.end + LINGER && this.range(holder, now.first, now.last);
      if (range) this.of.spoken.add(range);
    }
  }
}
