// Changes that were not answered yet, kept by the browser: they outlast a reload, a crash and a dead connection.

const NAME = "court-editor";

function opened() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("changes", { keyPath: "id" }).createIndex("of", "of");
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
    asked.onblocked = () => reject(new Error("blocked"));
  });
}

export class Store {
  // ``of`` names the person and the transcript. ``kept`` is false in a browser that keeps nothing.
  constructor(of) {
    this.of = of;
    this.kept = true;
    this.put = new Map();
    this.forget = new Set();
    this.writing = null;
  }

  async open() {
    try {
      this.base = await opened();
      return await this.all();
    } catch {
      this.kept = false;
      return [];
    }
  }

  all() {
    return new Promise((resolve, reject) => {
      const asked = this.base.transaction("changes").objectStore("changes").index("of").getAll(this.of);
      asked.onsuccess = () => resolve(asked.result.sort((one, other) => one.seq - other.seq));
      asked.onerror = () => reject(asked.error);
    });
  }

  // Writes and forgets changes: what is told in one go is written at once or not at all. Resolves when it is done.
  write(put, forget = []) {
    for (const change of put) { this.put.set(change.id, { ...change, of: this.of }); this.forget.delete(change.id); }
    for (const id of forget) { this.put.delete(id); this.forget.add(id); }
    if (!this.kept) return Promise.resolve();
    this.next ??= (this.writing ?? Promise.resolve()).then(() => this.flush());
    return this.next;
  }

  flush() {
    const [put, forget] = [this.put, this.forget];
    [this.put, this.forget, this.next] = [new Map(), new Set(), null];
    this.writing = new Promise((resolve) => {
      const failed = () => { this.kept = false; resolve(); };
      try {
        const deed = this.base.transaction("changes", "readwrite", { durability: "strict" });
        const changes = deed.objectStore("changes");
        for (const change of put.values()) changes.put(change);
        for (const id of forget) changes.delete(id);
        deed.oncomplete = resolve;
        deed.onabort = deed.onerror = failed;
      } catch { failed(); }
    });
    return this.writing;
  }
}
