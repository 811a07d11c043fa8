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
    this.last = Promise.resolve();
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

  // Writes and forgets changes, all at once or not at all. Resolves when it is done.
  write(put, forget = []) {
    if (!this.kept) return Promise.resolve();
    this.last = this.last.then(() => new Promise((resolve) => {
      const deed = this.base.transaction("changes", "readwrite", { durability: "strict" });
      const changes = deed.objectStore("changes");
      for (const change of put) changes.put({ ...change, of: this.of });
      for (const id of forget) changes.delete(id);
      deed.oncomplete = resolve;
      deed.onabort = deed.onerror = () => { this.kept = false; resolve(); };
    }));
    return this.last;
  }
}
