// Typing in a passage. A text box lies over the passage's own text, which grows with it and bears the marks: the box
// itself is never written to while somebody types, so that Korean and Chinese are composed undisturbed.
import { tidied } from "./text.js";

const PAUSE = 900; // ms without a key after which a passage is saved

export class Passage {
  // on: {save(line), typed(), leave(line), split(line, caret), merge(line), mergeNext(line), move(line, by, caret), undo(), redo(), drawn(line)}
  constructor(words, on) {
    Object.assign(this, { words, on, line: null, box: null, composing: false });
  }

  get dirty() { return Boolean(this.line && tidied(this.box.value) !== tidied(this.line.queued)); }
  get caret() { return this.box ? this.box.selectionStart : 0; }

  // Puts the box over a passage; ``caret`` is the place in its text, counted from the end if negative (-1: the end).
  open(line, element, caret, focus = true) {
    if (this.line !== line) {
      this.close();
      const holder = element.querySelector("[data-text]");
      this.line = line;
      this.element = element;
      this.holder = holder;
      this.entered = line.text;
      const box = document.createElement("textarea");
      this.box = box;
      box.className = "passage__box";
      box.value = line.text;
      box.spellcheck = true;
      box.lang = holder.lang;
      box.rows = 1;
      box.autocomplete = "off";
      box.setAttribute("aria-label", this.words.box.replace("{name}", line.speaker).replace("{time}", element.dataset.clock));
      box.setAttribute("aria-describedby", "editor-keys-hint");
      box.addEventListener("input", () => this.typed());
      box.addEventListener("keydown", (event) => this.pressed(event));
      box.addEventListener("compositionstart", () => { this.composing = true; });
      box.addEventListener("compositionend", () => { this.composing = false; this.typed(); });
      box.addEventListener("blur", () => this.save());
      holder.after(box);
      element.classList.add("passage--open");
      for (const button of element.querySelectorAll("button")) button.tabIndex = 0;
    }
    if (focus) this.box.focus({ preventScroll: true });
    if (caret !== undefined) {
      const at = caret < 0 ? this.box.value.length + 1 + caret : Math.min(caret, this.box.value.length);
      this.box.setSelectionRange(at, at);
    }
  }

  select(first, last) {
    this.box.focus({ preventScroll: true });
    this.box.setSelectionRange(first, last);
  }

  close() {
    if (!this.line) return;
    const { line, box, element } = this;
    this.save(true);
    this.line = this.box = null;
    clearTimeout(this.timer);
    box.remove();
    element.classList.remove("passage--open");
    for (const button of element.querySelectorAll("button")) button.tabIndex = -1;
    this.on.leave(line);
  }

  typed() {
    const { box, line } = this;
    if (!box) return;
    if (!this.composing && /[\r\n]/.test(box.value)) { // pasted from a page of several lines
      const caret = box.selectionStart;
      box.value = box.value.replace(/\s*[\r\n]+\s*/g, " ");
      box.setSelectionRange(caret, caret);
    }
    line.text = box.value;
    this.holder.textContent = box.value || "\u200b";
    this.on.drawn(line);
    this.on.typed();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), PAUSE);
  }

  // A passage left empty is taken out of the record, but not before it is left for another.
  save(leaving = false) {
    if (!this.line || (this.composing && !leaving)) return;
    clearTimeout(this.timer);
    if (this.dirty && (leaving || tidied(this.box.value))) this.on.save(this.line);
  }

  // The line's text has changed from outside; the caret stays at its words.
  renewed() {
    const { box, line } = this;
    if (!box || box.value === line.text) return;
    const old = box.value;
    let [first, last] = [box.selectionStart, box.selectionEnd];
    let same = 0;
    while (same < Math.min(old.length, line.text.length) && old[same] === line.text[same]) same += 1;
    const moved = line.text.length - old.length;
    if (first > same) first = Math.max(same, first + moved);
    if (last > same) last = Math.max(same, last + moved);
    box.value = line.text;
    box.setSelectionRange(first, last);
    this.entered = line.text;
    this.holder.textContent = line.text || "\u200b";
  }

  pressed(event) {
    if (event.isComposing || event.keyCode === 229) return;
    const { box, line } = this;
    const [first, last] = [box.selectionStart, box.selectionEnd];
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey;
    const whole = box.value.length;
    const go = (act) => { event.preventDefault(); act(); };
    if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && !event.altKey) go(() => this.on.split(line, first));
    else if (plain && event.key === "Backspace" && first === 0 && last === 0) go(() => this.on.merge(line));
    else if (plain && event.key === "Delete" && first === whole && last === whole) go(() => this.on.mergeNext(line));
    else if (plain && (event.key === "ArrowUp" || event.key === "ArrowLeft") && first === 0 && last === 0) go(() => this.on.move(line, -1, -1));
    else if (plain && (event.key === "ArrowDown" || event.key === "ArrowRight") && first === whole && last === whole) go(() => this.on.move(line, 1, 0));
    else if (event.altKey && !event.ctrlKey && event.key === "ArrowUp") go(() => this.on.move(line, -1, 0));
    else if (event.altKey && !event.ctrlKey && event.key === "ArrowDown") go(() => this.on.move(line, 1, 0));
    else if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "z" && !event.shiftKey && box.value === this.entered) go(() => this.on.undo());
    else if ((event.ctrlKey || event.metaKey) && !event.altKey && box.value === this.entered && ((event.shiftKey && event.key.toLowerCase() === "z") || event.key.toLowerCase() === "y")) go(() => this.on.redo());
  }
}

// Where a passage is cut if the caret stands there: before the word the caret is in, never inside it.
export function cutAt(text, caret) {
  if (/[\u2e80-\u9fff]/.test(text[caret] ?? "") || /[\u2e80-\u9fff]/.test(text[caret - 1] ?? "")) return caret;
  let at = caret;
  while (at > 0 && at < text.length && !/\s/.test(text[at - 1]) && !/\s/.test(text[at])) at -= 1;
  return at;
}
