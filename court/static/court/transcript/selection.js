// Words chosen in the text, and the bar of what can be done with them. Three ways: by selecting text with mouse or finger; with
// Shift and the arrow keys from a word; by the button "Choose words" and a press on the first and the last word.

const MOST_MARKED = 4000; // elements that get the mark; the choice itself may be longer
const SOON = 180; // ms after which a text selection that is being drawn counts

export class Selection {
  constructor(words, bar, starter) {
    this.words = words;
    this.bar = bar;
    this.starter = starter;
    this.actions = [...bar.querySelectorAll("[data-selection-action]")].map((element) => ({
      element,
      address: element.getAttribute("href"),
      json: element.dataset.json,
    }));
    this.marked = [];
    this.anchor = null; // [line, word]: where the choice began
    this.head = null;
    this.choosing = false;
    document.addEventListener("selectionchange", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.fromText(), SOON);
    });
    words.list.addEventListener("keydown", (event) => this.pressed(event), true);
    words.list.addEventListener("click", (event) => this.clicked(event), true);
    bar.querySelector("[data-chosen-close]").addEventListener("click", () => this.clear(true));
    document.addEventListener("keydown", (event) => { if (event.key === "Escape" && !this.bar.hidden) this.clear(true); });
    for (const action of this.actions) {
      if (action.element.dataset.copies) action.element.addEventListener("click", (event) => this.copy(event, action));
    }
    if (starter) {
      starter.hidden = false;
      starter.addEventListener("click", () => this.choose(!this.choosing));
    }
  }

  // The first and last word inside the reader's text selection.
  fromText() {
    const chosen = document.getSelection();
    if (!chosen || chosen.isCollapsed || !chosen.rangeCount) return;
    const range = chosen.getRangeAt(0);
    const within = (node) => this.words.list.contains(node);
    if (!within(range.startContainer) || !within(range.endContainer)) return;
    const first = this.edge(range, 1);
    const last = this.edge(range, -1);
    if (!first || !last || before(last, first)) return;
    this.take(first, last);
  }

  edge(range, step) {
    const container = step > 0 ? range.startContainer : range.endContainer;
    const holder = (container.nodeType === Node.TEXT_NODE ? container.parentElement : container).closest("[data-line]");
    let line = holder ? this.words.of.get(holder) : step > 0 ? 0 : this.words.lines.length - 1;
    for (; line >= 0 && line < this.words.lines.length; line += step) {
      const parts = this.words.partOf(this.words.lines[line]);
      for (let n = step > 0 ? 0 : parts.length - 1; n >= 0 && n < parts.length; n += step) {
        if (reallyIn(range, parts[n].element)) return [line, n];
      }
      if (!range.intersectsNode(this.words.lines[line].element)) return null;
    }
    return null;
  }

  // Shift with an arrow, Home or End grows or shrinks the choice from the word that has the focus.
  pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const word = event.target.closest(".word");
    if (!word) return;
    const here = this.placeOf(word);
    if (this.choosing && (event.key === "Enter" || event.key === " ")) {
      stop(event);
      this.pick(here);
      return;
    }
    if (!event.shiftKey) return;
    const [line, n] = here;
    const last = this.words.lines.length - 1;
    const to = {
      ArrowRight: () => this.beside(here, 1),
      ArrowLeft: () => this.beside(here, -1),
      ArrowDown: () => (line < last ? this.inLine(line + 1, n) : here),
      ArrowUp: () => (line > 0 ? this.inLine(line - 1, n) : here),
      Home: () => [line, 0],
      End: () => this.inLine(line, Infinity),
    }[event.key];
    if (!to) return;
    stop(event);
    const head = to();
    if (!head) return;
    const grows = this.anchor && this.head && this.head[0] === line && this.head[1] === n;
    this.words.toWord(...head);
    this.take(grows ? this.anchor : here, head);
  }

  beside([line, n], step) {
    const parts = this.words.partOf(this.words.lines[line]);
    if (parts[n + step]) return [line, n + step];
    const next = this.words.lines[line + step];
    return next ? [line + step, step > 0 ? 0 : this.words.partOf(next).length - 1] : null;
  }

  inLine(line, n) {
    return [line, Math.max(0, Math.min(n, this.words.partOf(this.words.lines[line]).length - 1))];
  }

  choose(on) {
    this.choosing = on;
    this.starter.setAttribute("aria-pressed", String(on));
    this.words.list.classList.toggle("lines--choosing", on);
    this.waiting = null;
    if (on) {
      this.unmark();
      this.open(false);
      this.tell("", "", this.bar.dataset.hint);
    } else if (!this.anchor) this.clear(false);
  }

  clicked(event) {
    if (!this.choosing) return;
    const word = event.target.closest(".word");
    if (!word) return;
    stop(event);
    this.pick(this.placeOf(word));
  }

  pick(place) {
    if (this.waiting) {
      const first = this.waiting;
      this.choose(false);
      this.take(first, place);
      return;
    }
    this.take(place, place);
    this.waiting = place;
    this.told(this.bar.dataset.next);
  }

  placeOf(element) {
    const line = this.words.of.get(element.closest("[data-line]"));
    return [line, this.words.lines[line].words.findIndex((one) => one.element === element)];
  }

  take(anchor, head) {
    this.anchor = anchor;
    this.head = head;
    const [first, last] = before(head, anchor) ? [head, anchor] : [anchor, head];
    this.unmark();
    let count = 0;
    for (let line = first[0]; line <= last[0]; line += 1) {
      const words = this.words.lines[line].words;
      const from = line === first[0] ? first[1] : 0;
      if (!words) { // far from the screen: only counted
        count += JSON.parse(this.words.lines[line].element.dataset.words).length / 6;
        continue;
      }
      const until = line === last[0] ? last[1] : words.length - 1;
      for (let n = from; n <= until; n += 1) {
        count += 1;
        if (this.marked.length < MOST_MARKED) this.marked.push(words[n].element);
      }
    }
    for (const element of this.marked) element.classList.add("word--chosen");
    const start = this.words.lines[first[0]].words[first[1]];
    const end = this.words.lines[last[0]].words[last[1]];
    for (const action of this.actions) {
      action.element.setAttribute("href", filled(action.address, start.number, end.number));
      if (action.json) action.element.dataset.json = filled(action.json, start.number, end.number);
    }
    this.open(true);
    const many = count === 1 ? this.bar.dataset.one : this.bar.dataset.many.replace("{n}", count);
    this.tell(many, `${clock(start.start)}–${clock(end.end)}`, "");
  }

  open(withActions) {
    this.bar.hidden = false;
    this.bar.querySelector("[data-chosen-actions]").hidden = !withActions;
    document.body.classList.add("with-chosen");
  }

  tell(count, when, told) {
    this.bar.querySelector("[data-chosen-count]").textContent = count;
    this.bar.querySelector("[data-chosen-when]").textContent = when;
    this.told(told);
  }

  told(words) { this.bar.querySelector("[data-chosen-told]").textContent = words; }

  async copy(event, action) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const { element } = action;
    const text = async () => {
      if (!element.dataset.json) return new URL(element.href, location.href).href;
      const answer = await fetch(element.dataset.json, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error("no quotation");
      return (await answer.json()).quotation;
    };
    try {
      await put(text);
      this.told(this.bar.dataset.copied);
    } catch {
      this.told(this.bar.dataset.notCopied);
      location.assign(element.href);
    }
  }

  unmark() {
    for (const element of this.marked) element.classList.remove("word--chosen");
    this.marked = [];
  }

  clear(giveBack) {
    const inside = this.bar.contains(document.activeElement);
    this.unmark();
    const head = this.head;
    this.anchor = this.head = this.waiting = null;
    if (this.choosing) this.choose(false);
    this.bar.hidden = true;
    document.body.classList.remove("with-chosen");
    if (giveBack) document.getSelection()?.removeAllRanges();
    if (giveBack && inside && head) this.words.toWord(...head);
  }
}

// Safari lets a page copy what arrives later only as a promised item; others take the text.
async function put(text) {
  if (window.ClipboardItem && navigator.clipboard?.write) {
    const promised = text().then((words) => new Blob([words], { type: "text/plain" }));
    try {
      await navigator.clipboard.write([new ClipboardItem({ "text/plain": promised })]);
      return;
    } catch { await promised; }
  }
  await navigator.clipboard.writeText(await text());
}

function stop(event) {
  event.preventDefault();
  event.stopPropagation();
}

function before(one, other) { return one[0] < other[0] || (one[0] === other[0] && one[1] < other[1]); }

function filled(address, first, last) { return address.replaceAll("__FIRST__", first).replaceAll("__LAST__", last); }

// A word of which at least one character is in the range, not one the range only touches.
function reallyIn(range, element) {
  if (!range.intersectsNode(element)) return false;
  const own = document.createRange();
  own.selectNodeContents(element.firstChild ?? element);
  return range.compareBoundaryPoints(Range.START_TO_END, own) > 0 && range.compareBoundaryPoints(Range.END_TO_START, own) < 0;
}

function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (number) => String(number).padStart(2, "0");
  return `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
}
