/* What was recorded and is not yet safe with the court: kept on this device, sent in order, forgotten once the court has it.

   Takes of an earlier page (a reload, a crash, a closed laptop) are sent too, whoever's page finds them first. */
import { details } from "./words.js";

const WAITS = [0.5, 1, 2, 5, 10, 15, 30];
const PATIENCE = 30_000;
const PAGE = crypto.randomUUID?.() ?? String(Math.random());

const asPromise = (request) => new Promise((done, fail) => {
  request.onsuccess = () => done(request.result);
  request.onerror = () => fail(request.error);
});
const finished = (deed) => new Promise((done, fail) => {
  deed.oncomplete = done;
  deed.onabort = deed.onerror = () => fail(deed.error);
});
const hex = (bytes) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const csrf = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "";
export const pageLock = (page) => `court-recording-page-${page}`;

/** Takes and pieces in IndexedDB; in memory while the device has no room for them. */
class Store {
  memory = { takes: new Map(), pieces: new Map() };

  async open() {
    try {
      const request = indexedDB.open("court-recordings", 1);
      request.onupgradeneeded = () => {
        request.result.createObjectStore("takes", { keyPath: "id" });
        request.result.createObjectStore("pieces", { keyPath: ["take", "number"] });
      };
      this.db = await asPromise(request);
    } catch {
      this.db = null;
    }
    return this.db !== null;
  }

  async put(name, row) {
    const key = name === "takes" ? row.id : `${row.take}/${row.number}`;
    try {
      if (!this.db || this.memory[name].has(key)) throw new Error("memory");
      const deed = this.db.transaction(name, "readwrite");
      deed.objectStore(name).put(row);
      await finished(deed);
      return true;
    } catch {
      this.memory[name].set(key, row);
      return false;
    }
  }

  async remove(name, key) {
    this.memory[name].delete(Array.isArray(key) ? key.join("/") : key);
    if (!this.db) return;
    const deed = this.db.transaction(name, "readwrite");
    deed.objectStore(name).delete(key);
    await finished(deed).catch(() => {});
  }

  async takes() {
    const kept = this.db ? await asPromise(this.db.transaction("takes").objectStore("takes").getAll()).catch(() => []) : [];
    return [...kept.filter((take) => !this.memory.takes.has(take.id)), ...this.memory.takes.values()];
  }

  #span(take) {
    return IDBKeyRange.bound([take, 0], [take, Number.MAX_SAFE_INTEGER]);
  }

  async numbers(take) {
    const keys = this.db
      ? await asPromise(this.db.transaction("pieces").objectStore("pieces").getAllKeys(this.#span(take))).catch(() => [])
      : [];
    const held = [...this.memory.pieces.values()].filter((piece) => piece.take === take).map((piece) => piece.number);
    return [...new Set([...keys.map((key) => key[1]), ...held])].sort((a, b) => a - b);
  }

  async piece(take, number) {
    const held = this.memory.pieces.get(`${take}/${number}`);
    return held ?? asPromise(this.db.transaction("pieces").objectStore("pieces").get([take, number]));
  }
}

export class Queue extends EventTarget {
  store = new Store();
  lanes = new Map();
  alarms = new Set();

  async open() {
    if (!(await this.store.open())) this.say("storage_full");
    navigator.locks?.request(pageLock(PAGE), () => new Promise(() => {}));
    await navigator.storage?.persist?.().catch(() => {});
    addEventListener("online", () => this.wake());
    await this.adopt();
    setInterval(() => this.adopt(), 4000); // a page that is going away holds its takes a moment longer
  }

  say(reason) {
    this.dispatchEvent(new CustomEvent("trouble", { detail: reason }));
  }

  /** Begin a take; from now on its pieces may be kept. */
  async begin(take) {
    const row = { ...take, user: details.user, room: details.room, page: PAGE, opened: false, next: 0, pieces: null };
    if (!(await this.store.put("takes", row))) this.say("storage_full");
    this.run(row);
    return row;
  }

  /** Keep one piece, in the order they come. */
  async keep(row, blob, { until, moved, error }) {
    const number = row.next;
    row.next += 1;
    const body = await blob.arrayBuffer();
    const sha256 = hex(await crypto.subtle.digest("SHA-256", body));
    const kept = await this.store.put("pieces", {
      take: row.id, number, body, sha256, until: Math.round(until), moved: moved.toFixed(1), error: error.toFixed(1),
    });
    await this.store.put("takes", row);
    if (!kept) this.say("storage_full");
    this.wake(row.id);
  }

  /** The take's recorder has stopped: no further piece will come. */
  async finish(row) {
    row.pieces = row.next;
    await this.store.put("takes", row);
    this.wake(row.id);
  }

  /** Take over what pages that are gone have left. */
  async adopt() {
    const held = navigator.locks ? (await navigator.locks.query()).held.map((lock) => lock.name) : [];
    for (const row of await this.store.takes()) {
      if (row.user !== details.user || this.lanes.has(row.id)) continue;
      if (row.page !== PAGE && held.includes(pageLock(row.page))) continue;
      if (row.pieces === null && row.page !== PAGE) {
        const numbers = await this.store.numbers(row.id);
        row.next = Math.max(row.next, (numbers.at(-1) ?? -1) + 1);
        row.pieces = row.next;
        row.page = PAGE;
        await this.store.put("takes", row);
      }
      this.run(row);
    }
  }

  /** How many pieces wait to be sent. */
  async waiting() {
    let count = 0;
    for (const row of await this.store.takes()) {
      if (row.user === details.user) count += (await this.store.numbers(row.id)).length;
    }
    return count;
  }

  wake(id) {
    for (const [take, lane] of this.lanes) {
      if (id && take !== id) continue;
      if (!id) lane.tries = 0;
      lane.wake?.();
    }
  }

  async run(row) {
    if (this.lanes.has(row.id)) return;
    const lane = { tries: 0 };
    this.lanes.set(row.id, lane);
    const rest = (ms) => new Promise((done) => {
      const timer = setTimeout(done, ms);
      lane.wake = () => { clearTimeout(timer); done(); };
    });
    for (;;) {
      let outcome;
      try {
        outcome = await this.step(row);
      } catch {
        outcome = "again";
      }
      if (outcome === "done") break;
      if (outcome === "sent") {
        lane.tries = 0;
        this.calm(row.id);
      } else if (outcome === "idle") {
        await rest(1500);
      } else {
        const wait = WAITS[Math.min(lane.tries, WAITS.length - 1)];
        lane.tries += 1;
        if (lane.tries > 3) this.alarm(row.id);
        const until = performance.now() + wait * 1000;
        // A new piece does not shorten the wait; a call to try again does.
        while (performance.now() < until && lane.tries > 0) await rest(Math.max(10, until - performance.now()));
      }
    }
    this.calm(row.id);
    this.lanes.delete(row.id);
    this.dispatchEvent(new Event("progress"));
  }

  alarm(id) {
    this.alarms.add(id);
    this.dispatchEvent(new Event("alarm"));
  }

  calm(id) {
    if (this.alarms.delete(id)) this.dispatchEvent(new Event("alarm"));
  }

  /** The next thing to send for a take: "sent", "idle" (nothing yet), "again" (later) or "done". */
  async step(row) {
    const base = `/rooms/${row.room}/takes/`;
    if (!row.opened) {
      const { id, recording, kind, media_type, begins_ms, clock_error_ms } = row;
      const answer = await this.post(base, JSON.stringify({ id, recording, kind, media_type, begins_ms, clock_error_ms }));
      if (answer === "final" || answer === "over") return this.forget(row, answer === "final");
      if (answer !== "ok") return "again";
      row.opened = true;
      await this.store.put("takes", row);
      return "sent";
    }
    const [number] = await this.store.numbers(row.id);
    if (number !== undefined) {
      const piece = await this.store.piece(row.id, number);
      const answer = await this.post(`${base}${row.id}/${number}`, piece.body, {
        "Content-Type": "application/octet-stream", "X-Piece-SHA256": piece.sha256, "X-Until-Ms": String(piece.until),
        ...(piece.error && { "X-Clock-Moved-Ms": piece.moved, "X-Clock-Error-Ms": piece.error }),
      });
      if (answer === "again") return "again";
      if (answer === "final") this.say("refused_piece");
      if (answer !== "ok") {
        row.refused = (row.refused ?? 0) + 1;
        await this.store.put("takes", row);
      }
      await this.store.remove("pieces", [row.id, number]);
      this.dispatchEvent(new Event("progress"));
      return "sent";
    }
    if (row.pieces === null) return "idle";
    const answer = await this.post(`${base}${row.id}/end/`, JSON.stringify({ pieces: row.pieces - (row.refused ?? 0) }));
    return answer === "again" ? "again" : this.forget(row, false);
  }

  async forget(row, refused = true) {
    for (const number of await this.store.numbers(row.id)) await this.store.remove("pieces", [row.id, number]);
    await this.store.remove("takes", row.id);
    if (refused) this.say("refused_piece");
    return "done";
  }

  /** Post, and judge the answer: "ok", "again", "over" (recorded after the end: nobody misses it) or "final" (refused). */
  async post(url, body, headers = {}) {
    const answer = await fetch(url, {
      method: "POST", body, credentials: "same-origin", signal: AbortSignal.timeout(PATIENCE), redirect: "manual",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": csrf(), ...headers },
    });
    if (answer.ok) return "ok";
    const told = await answer.json().catch(() => ({}));
    if (told.error === "disk_full") this.say("disk_full");
    if (answer.status === 401) this.say("signed_out");
    if (told.error === "after_the_end") return "over";
    return told.final === true ? "final" : "again";
  }
}
