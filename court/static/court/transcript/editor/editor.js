// The clerk's editor: the passages, the sound beside them, and what is sent to the court's server.
import { askSpeaker, askToMerge, askWhichStands } from "./dialogs.js";
import { Finding } from "./finding.js";
import { startKeys } from "./keys.js";
import { List } from "./list.js";
import { Marks } from "./marks.js";
import { Passage, cutAt } from "./passage.js";
import { Playing } from "./playing.js";
import { Rows } from "./rows.js";
import { Saving } from "./saving.js";
import { Text, tidied, wordsNow } from "./text.js";

const root = document.querySelector("[data-editor]");
const get = (name) => root.querySelector(`[data-${name}]`);

export class Editor {
  constructor(passages, edits) {
    this.words = { ...get("words").dataset };
    this.settings = JSON.parse(document.getElementById("editor-settings").textContent);
    this.people = this.settings.people;
    this.text = new Text(passages, (line) => this.saving.queue.of(line.ref).length > 0);
    this.saving = new Saving(this, root, edits);
    this.marks = new Marks();
    this.rows = new Rows(this);
    this.list = new List(get("passages"), this.text, {
      draw: (line) => this.rows.make(line),
      undraw: (line) => this.rows.undraw(line),
    });
    this.passage = new Passage(this.words, {
      typed: () => this.saving.tell(),
      save: (line) => this.changed(line, line.text, null),
      leave: (line) => this.left(line),
      split: (line, caret) => this.split(line, caret),
      merge: (line) => this.merge(line),
      mergeNext: (line) => { const next = this.text.lines[line.at + 1]; if (next) this.merge(next); },
      move: (line, by, caret) => { const next = this.text.lines[line.at + by]; if (next) this.open(next, caret); },
      undo: () => this.saving.undo(),
      redo: () => this.saving.redo(),
      drawn: (line) => this.marks.drawn(line, this.passage.holder),
    });
    this.visit = 0;
    this.spoken = new Set();
    this.last = -1;
    const player = root.querySelector("[data-player]");
    this.player = player ? new Playing(player, (second) => this.heard(second)) : null;
    this.finding = new Finding(get("find"), this.words, {
      text: this.text,
      here: () => this.passage.line?.at ?? this.list.lineAt(-this.list.box.getBoundingClientRect().top),
      show: (line, first, last) => {
        this.list.to(line, "center");
        this.marks.found(this.rows.holder(line), first, last);
      },
      change: (line, text, batch) => this.put(line, text, batch),
      replaced: (places, passages) => this.saving.say(this.words.replaced.replace("{n}", places).replace("{m}", passages)),
      closed: (hit) => {
        this.marks.found(null);
        const line = hit?.line ?? this.passage.line;
        if (!line) return;
        this.open(line, hit ? hit.first : this.passage.caret);
        if (hit) this.passage.select(hit.first, hit.last);
      },
    });
    startKeys(this, root);
  }

  // Puts the caret into a passage and brings it into sight.
  open(line, caret, focus = true, block = "nearest") {
    if (this.passage.line !== line) {
      this.passage.close();
      if (this.text.lines[line.at] !== line) return;
      this.visit += 1;
      this.list.pinned = line;
    }
    const element = this.list.to(line, block);
    this.passage.open(line, element, caret, focus);
  }

  // A passage was left: an empty one is gone.
  left(line) {
    this.list.pinned = null;
    if (tidied(line.text) || this.text.lines[line.at] !== line) return;
    this.text.remove(line);
    this.list.changed();
    this.saving.say(this.words.removed);
  }

  // The line says another text: it is queued to be sent.
  changed(line, typed, batch) {
    const text = tidied(typed);
    if (text === tidied(line.queued)) return;
    this.saving.add({ kind: "words", ref: line.ref, revision: line.revision, base: line.queued, text, batch, group: batch ?? `visit ${this.visit} ${line.ref}` });
    line.queued = text;
  }

  // The same, of a line that may not be open.
  put(line, text, batch) {
    this.passage.save();
    line.text = text;
    this.changed(line, text, batch);
    if (this.passage.line === line) this.passage.renewed();
    if (!tidied(text) && this.passage.line !== line) { this.text.remove(line); this.list.changed(); return; }
    this.rows.refresh([line]);
  }

  split(line, caret) {
    const text = line.text;
    const at = cutAt(text, caret);
    const [first, rest] = [tidied(text.slice(0, at)), tidied(text.slice(at))];
    if (!first || !rest) { this.saving.say(this.words.noSplit); return; }
    const change = this.saving.add({ kind: "split", ref: line.ref, revision: line.revision, base: line.queued, text: first, rest });
    const next = this.text.split(line, first, rest, `new:${change.id}`);
    this.passage.renewed();
    this.list.changed();
    this.open(next, 0);
  }

  async merge(line) {
    const before = this.text.lines[line.at - 1];
    if (!before) return;
    this.passage.save();
    const other = before.speaker !== line.speaker || before.role !== line.role;
    if (other && !(await askToMerge(get("merge-dialog"), before, line))) { this.open(line, 0); return; }
    if (this.text.lines[line.at - 1] !== before) return;
    const joined = [before, line].map((one) => tidied(one.text)).join(["zh", "yue", "ja"].includes(before.language) ? "" : " ");
    const caret = tidied(before.text).length;
    this.passage.close();
    this.list.pinned = null;
    if (!this.text.lines.includes(line) || !this.text.lines.includes(before)) return;
    this.saving.add({ kind: "merge", ref: line.ref, revision: line.revision, intoRef: before.ref, intoRevision: before.revision });
    this.text.merge(line, before, joined);
    this.rows.refresh([before]);
    this.list.changed();
    this.open(before, caret);
  }

  async speaker(line) {
    const caret = this.passage.line === line ? this.passage.caret : 0;
    const chosen = await askSpeaker(get("speaker-dialog"), line, this.people, this.words);
    if (chosen) {
      const { speaker, role, all } = chosen;
      const was = [line.speaker, line.role];
      if (!this.people.some(([name, part]) => name === speaker && part === role)) this.people.push([speaker, role, this.settings.roles[role] ?? ""]);
      const lines = all ? this.text.lines.filter((one) => one.speaker === was[0] && one.role === was[1]) : [line];
      const batch = lines.length > 1 ? crypto.randomUUID() : null;
      for (const one of lines) {
        if (one.speaker === speaker && one.role === role) continue;
        this.saving.add({ kind: "speaker", ref: one.ref, revision: one.revision, speaker, role, was, batch, group: batch });
        Object.assign(one, { speaker, role });
      }
      this.rows.refresh(lines);
    }
    this.open(line, caret);
  }

  // To the next word the machine was not sure of, or the one before.
  unsure(by) {
    const { lines } = this.text;
    const start = this.passage.line?.at ?? 0;
    const caret = this.passage.line ? (by > 0 ? this.passage.box.selectionEnd : this.passage.caret) : 0;
    for (let step = 0; step <= lines.length; step += 1) {
      const line = lines[(start + by * step + lines.length * 2) % lines.length];
      const doubted = wordsNow(line).filter((word) => word.unsure && (step > 0 || (by > 0 ? word.first >= caret : word.last <= caret)));
      const word = by > 0 ? doubted[0] : doubted.at(-1);
      if (!word) continue;
      this.open(line, word.first);
      this.passage.select(word.first, word.last);
      return;
    }
    this.saving.say(this.words.allSure);
  }

  // The second of the word at the caret.
  secondAtCaret() {
    const line = this.passage.line ?? this.text.lines[0];
    if (!line) return 0;
    const before = wordsNow(line).filter((word) => word.start !== null && word.first <= this.passage.caret);
    return before.at(-1)?.start ?? line.start;
  }

  // Marks what is said at a second; follows it while nobody types.
  heard(second) {
    const last = this.text.spokenAt(second + 0.01);
    const now = new Map();
    for (let at = last; at >= 0 && at > last - 6; at -= 1) {
      const line = this.text.lines[at];
      if (second <= line.end + 1.5 && this.list.rows.has(line)) now.set(line, this.rows.holder(line));
    }
    for (const line of this.spoken) if (!now.has(line)) this.list.rows.get(line)?.classList.remove("passage--now");
    for (const line of now.keys()) this.list.rows.get(line).classList.add("passage--now");
    this.spoken = new Set(now.keys());
    this.marks.spoken(second, now);
    if (last === this.last) return;
    this.last = last;
    const typing = document.activeElement?.matches?.("textarea, input, select");
    if (last >= 0 && this.player?.playing && !typing) this.list.to(this.text.lines[last], "nearest");
  }

  async choose(change) {
    const theirs = change.held.rows ?? [];
    const answer = await askWhichStands(get("which-dialog"), change.kind === "split" ? `${change.text} ${change.rest}` : change.text, theirs, this.words);
    if (answer === null) return;
    this.saving.chosen(change, theirs, answer);
  }
}

async function begin() {
  const answer = await fetch(root.dataset.text, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  const told = await answer.json();
  const editor = new Editor(told.passages, told.edits);
  await editor.saving.open();
  get("loading").hidden = true;
  get("bench").hidden = false;
  editor.list.measure();
  openAt(editor);
  editor.saving.watch();
  root.dataset.ready = "";
  performance.mark("editor-ready");
}

// ?t=252.1 opens at a second, ?u=17 at a passage.
function openAt(editor) {
  const asked = new URLSearchParams(location.search);
  const second = Number.parseFloat(asked.get("t"));
  const line = editor.text.line(Number(asked.get("u"))) ?? (second >= 0 ? editor.text.lines[Math.max(0, editor.text.spokenAt(second + 0.05))] : null);
  editor.list.render();
  const first = line ?? editor.text.lines[0];
  if (!first) return;
  const word = second >= 0 && line ? wordsNow(line).findLast((one) => one.start !== null && one.start <= second + 0.05) : null;
  if (line) editor.open(line, word?.first ?? 0, true, "center");
  else editor.open(first, 0, false);
  if (line && editor.player) editor.player.seek(second >= 0 ? second : line.start);
}

if (root) {
  begin().catch(() => {
    get("loading").hidden = true;
    get("failed").hidden = false;
  });
}
