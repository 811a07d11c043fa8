// What was changed and what others changed: sends, undoes, puts together, and says how things stand.
import { merged } from "./merging.js";
import { Queue } from "./queue.js";
import { renew, tidied } from "./text.js";

const EVERY = 2500; // ms between looks at what others did
const SELDOM = 15000; // while nobody looks at the page

export class Saving {
  constructor(editor, root, edits) {
    this.editor = editor;
    this.words = editor.words;
    this.seen = edits;
    this.url = root.dataset.edits;
    this.textUrl = root.dataset.text;
    this.state = root.querySelector("[data-state]");
    this.note = root.querySelector("[data-note]");
    this.heldNotice = root.querySelector("[data-held]");
    this.own = new Set();
    this.undone = []; // groups of edits to be done again
    this.done = []; // groups of edits to be undone
    this.behind = false;
    this.queue = new Queue(this.url, `${editor.settings.person}-${editor.settings.transcript}`, {
      onResult: (change, result) => this.answered(change, result ?? { status: "refused" }),
      onState: () => this.tell(),
    });
    window.addEventListener("beforeunload", (event) => {
      editor.passage.save();
      if (this.queue.unsent.length || this.queue.held.length || editor.passage.dirty) event.preventDefault();
    });
    document.addEventListener("visibilitychange", () => { if (document.hidden) editor.passage.save(); else this.look(); });
  }

  // What the browser kept from before is shown as it was typed, and sent.
  async open() {
    const { text } = this.editor;
    for (const change of await this.queue.open()) {
      const line = text.line(change.ref);
      if (!line) { this.behind = true; continue; }
      if (change.kind === "words") line.text = line.queued = change.text;
      else if (change.kind === "speaker") Object.assign(line, { speaker: change.speaker, role: change.role });
      else if (change.kind === "split" && !change.tried) text.split(line, change.text, change.rest, `new:${change.id}`);
      else this.behind = true;
    }
    if (this.queue.waiting.length) this.say(this.words.found.replace("{n}", this.queue.waiting.length));
    this.tell();
    this.queue.soon(0);
  }

  add(change) {
    if (change.kind !== "undo") this.undone = [];
    return this.queue.add(change);
  }

  // Says something once, also to those who cannot see it.
  say(text) {
    this.note.textContent = "";
    requestAnimationFrame(() => { this.note.textContent = text; });
  }

  // How things stand is told once for many changes.
  tell() {
    const typing = this.editor.passage?.dirty ? 1 : 0;
    document.documentElement.dataset.unsent = String(this.queue.unsent.length + typing);
    if (this.toTell) return;
    this.toTell = true;
    setTimeout(() => { this.toTell = false; this.tellNow(); }, 0);
  }

  tellNow() {
    const { queue, words } = this;
    const waits = queue.unsent.length;
    const held = queue.held.length;
    let kind = "saved";
    let told = words.saved;
    if (queue.trouble === "signed-out") [kind, told] = ["bad", words.signedOut];
    else if (queue.trouble === "gone") [kind, told] = ["bad", words.notAllowed];
    else if (waits && queue.trouble) [kind, told] = ["wait", waits === 1 ? words.waitsOne : words.waits.replace("{n}", waits)];
    else if (queue.trouble) [kind, told] = ["wait", words.offline];
    else if (waits) [kind, told] = ["saving", words.saving];
    if (waits && !queue.store.kept && queue.trouble) told += ` ${words.notKept}`;
    clearTimeout(this.telling);
    // A change that is saved at once is not worth a flicker, or a word from a screen reader.
    this.telling = setTimeout(() => {
      if (this.state.textContent !== told) this.state.textContent = told;
      this.state.dataset.kind = kind;
    }, kind === "saving" ? 1500 : 0);
    this.heldNotice.hidden = !held;
    this.editor.rows?.refresh?.(queue.held.map((change) => this.editor.text.line(change.ref)).filter(Boolean));
    if (!waits && this.behind) this.anew();
  }

  answered(change, result) {
    if (result.status === "done" || result.status === "same") this.made(change, result);
    else if (result.status === "stale") this.stale(change, result.rows);
    else this.refused(change, result.error);
  }

  made(change, result) {
    const { text, passage, list, rows } = this.editor;
    const refs = new Map();
    if (change.kind === "split" && result.rows.length === 2) {
      const name = `new:${change.id}`;
      refs.set(name, result.rows[1][0]);
      const line = text.line(name);
      if (line) { line.ref = result.rows[1][0]; text.number(); }
    }
    this.own.add(change.id);
    this.queue.settle(change, result.rows, refs);
    if (result.status === "done") this.remember(change);
    const removed = change.kind === "words" && !result.rows.length;
    const fresh = removed ? [] : text.take(result.before, result.rows);
    rows.refresh(fresh);
    if (["split", "merge", "undo"].includes(change.kind)) {
      if (passage.line && !text.lines.includes(passage.line)) passage.close();
      list.changed();
      if (change.kind === "undo" && change.last && fresh.length) this.editor.open(fresh[0], passage.line === fresh[0] ? undefined : 0);
    }
  }

  // Edits in groups, so that what was typed in one go, or replaced everywhere, is undone as one.
  remember(change) {
    const stack = change.kind === "undo" && change.into === "undone" ? this.undone : this.done;
    const group = change.group ?? change.id;
    const top = stack.at(-1);
    if (top?.group === group) top.ids.push(change.id);
    else stack.push({ group, ids: [change.id] });
  }

  undo() { this.turn(this.done, "undone", this.words.nothingToUndo); }
  redo() { this.turn(this.undone, "done", this.words.nothingToRedo); }

  turn(stack, into, nothing) {
    this.editor.passage.save();
    if (this.queue.trouble) { this.say(this.words.undoWaits); return; }
    const waiting = this.queue.unsent;
    if (waiting.length) { setTimeout(() => this.turn(stack, into, nothing), 150); return; }
    const group = stack.pop();
    if (!group) { this.say(nothing); return; }
    const name = crypto.randomUUID();
    const ids = group.ids.toReversed();
    ids.forEach((id, number) => {
      this.queue.add({ kind: "undo", undone: id, batch: ids.length > 1 ? name : null, group: name, into, last: number === ids.length - 1 });
    });
    this.say(into === "undone" ? this.words.wasUndone : this.words.wasRedone);
  }

  // Somebody changed the passage since: both changes are put together, or the clerk chooses.
  stale(change, now) {
    const { text, passage, rows } = this.editor;
    const line = text.line(change.ref);
    if (passage.line === line && line) {
      if (passage.composing) return; // is sent again, and answered again, when the word is composed
      passage.save();
    }
    if (change.kind === "words") { this.putTogether(change, now, line); return; }
    if (change.kind === "speaker" && now.length === 1 && now[0][2] === change.was[0] && now[0][3] === change.was[1]) {
      this.queue.replace(change, { revision: now[0][1] });
      return;
    }
    this.behind = true;
    if (change.kind === "split") {
      // The cut is not made; what was typed before and after it is kept as words.
      const name = `new:${change.id}`;
      const later = this.queue.waiting.filter((one) => one !== change && one.kind === "words" && [change.ref, name].includes(one.ref));
      const first = later.findLast((one) => one.ref === change.ref)?.text ?? change.text;
      const rest = later.findLast((one) => one.ref === name)?.text ?? change.rest;
      this.queue.drop(this.queue.waiting.filter((one) => one !== change && (later.includes(one) || one.ref === name || one.intoRef === name)));
      const joined = tidied(`${first}${["zh", "yue", "ja"].includes(line?.language) ? "" : " "}${rest}`);
      this.say(this.words.notSplit);
      if (joined === change.base) this.queue.settle(change, now);
      else this.putTogether(this.queue.replace(change, { kind: "words", text: joined, rest: undefined }), now, line);
      return;
    }
    this.say({ merge: this.words.notMerged, speaker: this.words.speakerTaken, undo: this.words.notUndone }[change.kind]);
    this.queue.settle(change, now);
    rows.refresh(line ? [line] : []);
  }

  putTogether(change, now, line) {
    const { passage, rows } = this.editor;
    const later = this.queue.waiting.filter((one) => one !== change && one.ref === change.ref && one.kind === "words");
    const mine = later.at(-1)?.text ?? change.text;
    const together = now.length === 1 && mine ? merged(change.base, mine, now[0][7]) : null;
    if (together === null) {
      if (later.length) this.queue.drop(later);
      this.queue.hold(this.queue.replace(change, { text: mine }), { rows: now });
      this.say(this.words.held);
      this.tell();
      return;
    }
    if (later.length) this.queue.drop(later);
    this.queue.replace(change, { text: together, base: now[0][7], revision: now[0][1] });
    if (!line) return;
    renew(line, now[0], true);
    line.text = line.queued = together;
    if (passage.line === line) passage.renewed();
    rows.refresh([line]);
    this.say(this.words.together);
  }

  refused(change, error) {
    if (change.kind === "words" || change.kind === "split") {
      this.queue.hold(change, { rows: [], error });
      this.say(error || this.words.held);
      this.tell();
      return;
    }
    this.behind = true;
    this.say(error || (change.kind === "undo" ? this.words.notUndone : this.words.refused));
    this.queue.settle(change, []);
  }

  // The clerk has chosen what shall stand in a passage two people changed.
  chosen(change, now, text) {
    const line = this.editor.text.line(change.ref);
    const others = this.queue.of(change.ref).filter((one) => one !== change);
    if (others.length) this.queue.drop(others);
    if (now.length === 1 && text) {
      if (line) {
        renew(line, now[0], true);
        line.text = line.queued = tidied(text);
        this.editor.rows.refresh([line]);
      }
      this.queue.replace(change, { kind: "words", ref: now[0][0], text: tidied(text), rest: undefined, base: now[0][7], revision: now[0][1], held: null });
    } else {
      if (line) line.text = line.queued = line.saved;
      this.behind = true;
      this.queue.drop([change]);
    }
    this.tell();
    this.queue.soon(0);
  }

  watch() {
    const turn = async () => {
      await this.look();
      setTimeout(turn, document.hidden ? SELDOM : EVERY);
    };
    setTimeout(turn, EVERY);
  }

  // Takes in what others changed, but for the passage somebody types in here.
  async look() {
    const { passage, rows } = this.editor;
    const at = passage.box && document.activeElement === passage.box ? passage.line.ref : 0;
    let told;
    try {
      const answer = await fetch(`${this.url}?after=${this.seen}&at=${Number.isInteger(at) ? at : 0}`, { redirect: "manual", headers: { Accept: "application/json" }, signal: AbortSignal.timeout(10000) });
      if (!answer.ok) return;
      told = await answer.json();
    } catch { return; }
    if (this.queue.trouble === "offline") this.queue.soon(0);
    if (told.anew) { this.behind = true; this.tell(); }
    for (const edit of told.made) this.takeIn(edit);
    rows.showOthers(told.others);
  }

  takeIn(edit) {
    const { text, passage, list, rows } = this.editor;
    if (edit.number <= this.seen) return;
    this.seen = edit.number;
    if (this.own.has(edit.id) || this.queue.waiting.some((change) => change.id === edit.id)) return;
    const touched = [...edit.before, ...edit.rows.map((row) => row[0])];
    const typing = passage.dirty || passage.composing ? passage.line?.ref : null;
    if (touched.some((ref) => this.queue.of(ref).length || ref === typing)) {
      this.behind = true; // what is typed here is sent first, and put together with it then
      return;
    }
    const open = passage.line;
    if (open && edit.before.includes(open.ref) && !edit.rows.some((row) => row[0] === open.ref)) passage.close();
    const fresh = text.take(edit.before, edit.rows);
    rows.refresh(fresh);
    list.changed();
    this.say(this.words.others.replace("{name}", edit.by));
  }

  // Reads the whole text again, when nothing waits to be sent.
  async anew() {
    const { text, passage, list, finding } = this.editor;
    if (this.reading || passage.dirty || passage.composing) return;
    this.reading = true;
    try {
      const answer = await fetch(this.textUrl, { headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      const told = await answer.json();
      if (this.queue.unsent.length || passage.dirty || passage.composing) return;
      this.behind = false;
      this.seen = told.edits;
      const [open, caret, typing] = [passage.line, passage.caret, document.activeElement === passage.box];
      const held = new Map(text.lines.filter((line) => this.queue.of(line.ref).length).map((line) => [line.ref, line]));
      passage.close();
      text.read(told.passages);
      for (const [ref, line] of held) {
        const now = text.line(ref);
        if (now) now.text = now.queued = line.text;
      }
      list.changed(true);
      const again = open && text.line(open.ref);
      if (again) this.editor.open(again, caret, typing);
      if (finding.open) finding.look();
    } catch { /* is tried again with the next change */ } finally {
      this.reading = false;
    }
  }
}
