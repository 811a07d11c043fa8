// A passage as a row of the page: when, who, and the words.
import { clock } from "../clock.js";

export class Rows {
  constructor(editor) {
    this.editor = editor;
    this.colours = new Map();
    for (const [name, role] of editor.people) this.colour(name, role);
    this.others = new Map(); // names of those who type in a passage, by its number
  }

  colour(name, role) {
    const key = `${name}\n${role}`;
    if (!this.colours.has(key)) this.colours.set(key, (this.colours.size % this.editor.settings.colours) + 1);
    return this.colours.get(key);
  }

  holder(line) { return this.editor.list.rows.get(line)?.querySelector("[data-text]"); }

  undraw(line) {
    const { editor } = this;
    editor.marks.gone(line);
    if (editor.passage.line === line) editor.passage.close();
  }

  make(line) {
    const { editor } = this;
    const element = document.createElement("li");
    const time = button("passage__time");
    const who = button("passage__who");
    who.append(part("passage__name"), part("passage__role"), part("visually-hidden"));
    who.lastChild.textContent = editor.words.changeSpeaker;
    const said = document.createElement("div");
    said.className = "passage__said";
    const text = document.createElement("p");
    text.className = "passage__text";
    text.dataset.text = "";
    said.append(text);
    const sign = document.createElement("p");
    sign.className = "passage__sign";
    element.append(time, who, said, sign);
    time.addEventListener("click", () => editor.player?.from(line.start));
    who.addEventListener("click", () => editor.speaker(line));
    said.addEventListener("mousedown", (event) => {
      if (event.button !== 0 || editor.passage.line === line) return;
      const caret = placeAt(event, text);
      event.preventDefault();
      editor.open(line, caret);
    });
    said.addEventListener("click", () => { if (editor.passage.line !== line) editor.open(line, 0); });
    this.fill(element, line);
    text.textContent = line.text || "\u200b";
    editor.marks.drawn(line, text);
    return element;
  }

  fill(element, line) {
    const { editor } = this;
    const time = clock(line.start);
    element.className = `passage speaker--${this.colour(line.speaker, line.role)}${element.classList.contains("passage--open") ? " passage--open" : ""}`;
    element.dataset.clock = time;
    const [when, who, said, sign] = element.children;
    when.textContent = time;
    when.setAttribute("aria-label", editor.words.playFrom.replace("{time}", time));
    who.children[0].textContent = line.speaker;
    who.children[1].textContent = editor.settings.roles[line.role] ?? "";
    said.firstChild.lang = line.language === "zh" ? "zh-hans" : line.language;
    const held = editor.saving.queue.of(line.ref).some((change) => change.held);
    const here = this.others.get(line.ref);
    sign.textContent = held ? editor.words.heldHere : here ? editor.words.here.replace("{name}", here.join(", ")) : "";
    sign.hidden = !sign.textContent;
  }

  // Lines have changed: their rows, if they are in the page, are drawn anew; the one being typed in keeps its box.
  refresh(lines) {
    const { list, passage, marks } = this.editor;
    for (const line of lines) {
      const element = list.rows.get(line);
      if (!element) continue;
      this.fill(element, line);
      if (passage.line === line) passage.renewed();
      const text = element.querySelector("[data-text]");
      if (text.textContent !== (line.text || "\u200b")) text.textContent = line.text || "\u200b";
      marks.drawn(line, text);
    }
  }

  showOthers(others) {
    const before = [...this.others.keys()];
    this.others = new Map();
    for (const [name, ref] of others) this.others.set(ref, [...(this.others.get(ref) ?? []), name]);
    const lines = [...before, ...this.others.keys()].map((ref) => this.editor.text.line(ref)).filter(Boolean);
    for (const line of new Set(lines)) {
      const element = this.editor.list.rows.get(line);
      if (element) this.fill(element, line);
    }
  }
}

function button(name) {
  const element = document.createElement("button");
  Object.assign(element, { type: "button", className: name, tabIndex: -1 });
  return element;
}

function part(name) {
  const element = document.createElement("span");
  element.className = name;
  return element;
}

// The character of a text under the pointer.
function placeAt(event, text) {
  const found = document.caretPositionFromPoint?.(event.clientX, event.clientY);
  if (found && text.contains(found.offsetNode)) return found.offset;
  const range = document.caretRangeFromPoint?.(event.clientX, event.clientY);
  if (range && text.contains(range.startContainer)) return range.startOffset;
  return text.textContent.length;
}
