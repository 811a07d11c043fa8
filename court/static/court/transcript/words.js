// The text: which line and word is spoken at a time, and moving through it by keys. A line's words become elements
// only when the line comes near the screen, so that a hearing of many hours opens at once.

const NEAR = "800px 0px";
const LINGER = 0.35; // seconds a word stays marked in the pause after it

// The last entry whose start is not after the time; -1 for none.
function lastBefore(list, time) {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle].start <= time) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

export class Words {
  constructor(list, onChosen) {
    this.list = list;
    this.onChosen = onChosen;
    this.lines = [...list.querySelectorAll("[data-line]")].map((element) => ({
      element,
      start: Number(element.dataset.start),
      end: Number(element.dataset.end),
      link: element.querySelector("[data-from]"),
      words: null,
    }));
    this.of = new Map(this.lines.map((line, number) => [line.element, number]));
    this.marked = new Set();
    this.spoken = new Set();
    this.lines.forEach((line, number) => { line.link.tabIndex = number ? -1 : 0; });
    this.current = 0;
    const watcher = new IntersectionObserver((entries) => {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        watcher.unobserve(entry.target);
        this.partOf(this.lines[this.of.get(entry.target)]);
      }
    }, { rootMargin: NEAR });
    for (const line of this.lines) watcher.observe(line.element);
    list.addEventListener("click", (event) => this.clicked(event));
    list.addEventListener("keydown", (event) => this.pressed(event));
    list.addEventListener("focusout", (event) => { if (event.target.matches(".word")) this.leave(event.target); });
  }

  // Makes the elements of a line's words, once. data-words: first and last character, start and end in 1/100 s (-1: not in the
  // sound), unsure, the word's number. A word without a time takes the time of the one before it for winding.
  partOf(line) {
    if (line.words) return line.words;
    const holder = line.element.querySelector("[data-text]");
    const text = holder.textContent;
    const numbers = JSON.parse(line.element.dataset.words);
    const parts = document.createDocumentFragment();
    line.words = [];
    let at = 0;
    let before = line.start;
    for (let n = 0; n < numbers.length; n += 6) {
      const [first, last, from, until, unsure, number] = numbers.slice(n, n + 6);
      const start = from < 0 ? before : from / 100;
      before = start;
      if (first > at) parts.append(text.slice(at, first));
      const element = document.createElement("span");
      element.className = unsure ? "word word--unsure" : "word";
      element.textContent = text.slice(first, last);
      parts.append(element);
      line.words.push({ element, number, start, end: until < 0 ? start : until / 100 });
      at = last;
    }
    parts.append(text.slice(at));
    holder.replaceChildren(parts);
    return line.words;
  }

  // Marks what is spoken at a time; returns the number of the newest line spoken, or -1.
  mark(time) {
    const last = lastBefore(this.lines, time + 0.01);
    const spoken = new Set();
    const marked = new Set();
    for (let number = last; number >= 0 && number > last - 6; number -= 1) {
      const line = this.lines[number];
      if (number !== last && line.end < time) continue;
      if (time <= line.end + 1.5 || number === this.lines.length - 1) spoken.add(line.element);
      const words = this.partOf(line);
      const word = words[lastBefore(words, time + 0.01)];
      if (word && time < word.end + LINGER) marked.add(word.element);
    }
    this.move(this.spoken, spoken, "line--now");
    this.move(this.marked, marked, "word--now");
    this.spoken = spoken;
    this.marked = marked;
    return last;
  }

  move(before, after, name) {
    for (const element of before) if (!after.has(element)) element.classList.remove(name);
    for (const element of after) if (!before.has(element)) element.classList.add(name);
  }

  // The word spoken at a time, or the first one after it.
  wordAt(time) {
    const line = this.lines[Math.max(0, lastBefore(this.lines, time + 0.05))];
    if (!line) return null;
    const words = this.partOf(line);
    return words[Math.max(0, lastBefore(words, time + 0.05))] ?? null;
  }

  // Where the word with this number stands: [line, word]; null if the text does not have it.
  numbered(number) {
    for (let line = 0; line < this.lines.length; line += 1) {
      const told = JSON.parse(this.lines[line].element.dataset.words);
      for (let n = 5; n < told.length; n += 6) if (told[n] === number) return [line, (n - 5) / 6];
    }
    return null;
  }

  rove(number) {
    this.lines[this.current].link.tabIndex = -1;
    this.current = number;
    this.lines[number].link.tabIndex = 0;
  }

  clicked(event) {
    const line = event.target.closest("[data-line]");
    if (!line || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const number = this.of.get(line);
    if (event.target.closest("[data-from]")) {
      event.preventDefault();
      this.rove(number);
      this.onChosen(this.lines[number].start);
      return;
    }
    const element = event.target.closest(".word");
    if (!element || !document.getSelection().isCollapsed) return;
    this.rove(number);
    this.onChosen(this.lines[number].words.find((word) => word.element === element).start);
  }

  pressed(event) {
    const element = event.target.closest("[data-line]");
    if (!element || event.ctrlKey || event.metaKey || event.altKey) return;
    const number = this.of.get(element);
    const line = this.lines[number];
    const word = event.target.closest(".word");
    const at = word ? this.partOf(line).findIndex((one) => one.element === word) : -1;
    const go = {
      ArrowDown: () => this.toLine(number + 1),
      ArrowUp: () => (word ? this.toLine(number) : this.toLine(number - 1)),
      ArrowRight: () => this.toWord(number, at + 1),
      ArrowLeft: () => this.toWord(number, at - 1),
      Home: () => this.toLine(0),
      End: () => this.toLine(this.lines.length - 1),
      Escape: () => this.toLine(number),
      Enter: () => this.onChosen(word ? line.words[at].start : line.start),
    };
    go[" "] = go.Enter;
    if (!go[event.key]) return;
    event.preventDefault();
    event.stopPropagation();
    go[event.key]();
  }

  toLine(number) {
    const line = this.lines[number];
    if (!line) return;
    this.rove(number);
    line.link.focus();
  }

  // One word on or back, over the ends of lines; before the first word of a line stands its time.
  toWord(number, at) {
    const words = this.partOf(this.lines[number]);
    if (at === -1) return this.toLine(number);
    if (at < -1) return number > 0 ? this.toWord(number - 1, this.partOf(this.lines[number - 1]).length - 1) : undefined;
    if (at >= words.length) return number + 1 < this.lines.length ? this.toWord(number + 1, 0) : undefined;
    this.rove(number);
    const element = words[at].element;
    // A button only while it has the focus: a text of buttons could not be listened to by screen reader.
    element.setAttribute("role", "button");
    element.tabIndex = -1;
    element.focus();
    return undefined;
  }

  leave(element) {
    element.removeAttribute("role");
    element.removeAttribute("tabindex");
  }
}
