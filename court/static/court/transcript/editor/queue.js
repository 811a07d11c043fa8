// Sends changes in order, once each, until the court's server has them. A change is kept by the browser first.
import { Slices } from "./slices.js";
import { Store } from "./store.js";

const AT_ONCE = 100;
const PATIENCE = 20000; // ms to wait for an answer
const csrf = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "";

// A change: {id, seq, kind, ref, revision, base, text, rest, speaker, role, intoRef, intoRevision, undone, batch, tried, held}.
// ``ref`` is the passage's number, or "new:<id>" for the second part of a split that was not answered yet.
export class Queue {
  // onResult(change, result) decides what becomes of a change; onState() is told when there is more or less to send.
  constructor(url, of, { onResult, onState }) {
    this.url = url;
    this.store = new Store(of);
    this.onResult = onResult;
    this.onState = onState;
    this.waiting = [];
    this.seq = 0;
    this.faults = 0;
    this.trouble = ""; // "", "offline", "signed-out", "gone"
    this.sending = false;
    window.addEventListener("online", () => this.soon(0));
  }

  async open() {
    this.waiting = await this.store.open();
    this.seq = Math.max(0, ...this.waiting.map((change) => change.seq));
    return this.waiting;
  }

  get held() { return this.waiting.filter((change) => change.held); }
  get unsent() { return this.waiting.filter((change) => !change.held); }
  of(ref) { return this.waiting.filter((change) => change.ref === ref || change.intoRef === ref); }

  // A change to be sent. Typing on in a passage whose last change was not sent yet becomes part of that change.
  add(change) {
    const last = this.waiting.findLast((one) => one.ref === change.ref || one.intoRef === change.ref);
    if (change.kind === "words" && last?.kind === "words" && !last.tried && !last.held && !last.batch && !change.batch) {
      last.text = change.text;
      this.store.write([last]);
      this.told();
      return last;
    }
    this.seq += 1;
    const made = { id: crypto.randomUUID(), ...change, seq: this.seq };
    if (last?.held && made.kind === "words") made.held = last.held;
    this.waiting.push(made);
    this.store.write([made]);
    this.told();
    return made;
  }

  told() {
    this.onState();
    this.soon(0);
  }

  soon(ms) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), ms);
  }

  // The changes that can go together: none of them waits for the answer to another.
  next() {
    const chosen = [];
    const refs = new Set();
    for (const change of this.waiting) {
      const mine = [change.ref, change.intoRef].filter((ref) => ref !== undefined);
      const blocked = change.held || mine.some((ref) => refs.has(ref) || String(ref).startsWith("new:"));
      mine.forEach((ref) => refs.add(ref));
      if (blocked) continue;
      const simple = change.kind === "words" || change.kind === "speaker";
      if (!simple && chosen.length) break;
      chosen.push(change);
      if (!simple || chosen.length === AT_ONCE) break;
    }
    return this.alone ? chosen.slice(0, 1) : chosen;
  }

  async send() {
    if (this.sending) return;
    const chosen = this.next();
    if (!chosen.length) return;
    this.sending = true;
    try {
      await this.deliver(chosen);
    } finally {
      this.sending = false;
    }
    if (!this.faults) this.soon(0);
  }

  async deliver(chosen) {
    for (const change of chosen) change.tried = true;
    await this.store.write(chosen);
    let answer = null;
    let told = null;
    try {
      answer = await fetch(this.url, {
        method: "POST", redirect: "manual", signal: AbortSignal.timeout(PATIENCE),
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": csrf() },
        body: JSON.stringify({ edits: chosen.map(asSent) }),
      });
      if ([200, 409, 400].includes(answer.status)) told = await answer.json();
    } catch { /* no connection, or none that holds */ }
    if (told?.results) {
      this.faults = 0;
      this.alone = false;
      this.trouble = "";
      const byId = new Map(told.results.map((result) => [result.id, result]));
      const slices = new Slices();
      for (const change of chosen) {
        await slices.rest();
        this.onResult(change, byId.get(change.id));
      }
    } else if (answer?.status === 400) {
      this.faults = 0;
      this.trouble = "";
      if (chosen.length > 1) this.alone = true;
      else this.onResult(chosen[0], { status: "refused", error: told?.error ?? "" });
    } else {
      this.faults += 1;
      this.trouble = { 401: "signed-out", 403: "signed-out", 404: "gone" }[answer?.status] ?? (answer?.type === "opaqueredirect" ? "signed-out" : "offline");
      this.onState();
      this.soon(Math.min(30000, 500 * 2 ** Math.min(this.faults, 6)) * (0.75 + Math.random() / 2));
      return;
    }
    this.onState();
  }

  // A change was answered: it is forgotten, and those that follow learn what stands now. ``refs``: new name by old.
  settle(change, passages, refs = new Map()) {
    const now = new Map(passages.map((passage) => [passage[0], passage]));
    const changed = [];
    this.waiting = this.waiting.filter((one) => one !== change);
    for (const one of this.waiting) {
      const ref = refs.get(one.ref) ?? one.ref;
      const intoRef = refs.get(one.intoRef) ?? one.intoRef;
      const [mine, into] = [now.get(ref), now.get(intoRef)];
      if (!mine && !into && ref === one.ref && intoRef === one.intoRef) continue;
      Object.assign(one, { ref, intoRef });
      if (mine) Object.assign(one, { revision: mine[1], base: mine[7] });
      if (into) one.intoRevision = into[1];
      changed.push(one);
    }
    this.store.write(changed, [change.id]);
  }

  // The change takes another form, under another name: the server may have seen the first.
  replace(change, by) {
    const at = this.waiting.indexOf(change);
    const made = { ...change, ...by, id: crypto.randomUUID(), tried: false };
    this.waiting[at] = made;
    this.store.write([made], [change.id]);
    return made;
  }

  hold(change, now) {
    for (const one of this.of(change.ref)) if (one === change || one.kind === "words") one.held = now;
    this.store.write(this.held);
  }

  drop(changes) {
    this.waiting = this.waiting.filter((one) => !changes.includes(one));
    this.store.write([], changes.map((one) => one.id));
    this.told();
  }
}

function asSent(change) {
  const told = { id: change.id, kind: change.kind };
  const fields = { utterance: change.ref, revision: change.revision, text: change.text, rest: change.rest, speaker: change.speaker, role: change.role, into: change.intoRef, into_revision: change.intoRevision, undone: change.undone, batch: change.batch };
  if (change.kind === "undo") delete fields.utterance;
  for (const [name, value] of Object.entries(fields)) if (value !== undefined && value !== null) told[name] = value;
  return told;
}
