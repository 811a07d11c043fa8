// The passages near the screen. A day's hearing has thousands: only some are in the page, between two empty spaces
// as high as the rest. The passage being typed in stays in the page wherever one scrolls, with its focus.

const NEAR = 900; // px above and below the screen

export class List {
  // draw(line) gives a row's element; undraw(line, element) is told when it goes.
  constructor(box, text, { draw, undraw }) {
    Object.assign(this, { box, text, draw, undraw });
    this.rows = new Map();
    this.pinned = null;
    this.above = spacer();
    this.below = spacer();
    box.replaceChildren(this.above, this.below);
    this.measure();
    this.watcher = new ResizeObserver((entries) => {
      for (const entry of entries) {
        const line = this.lineOf(entry.target);
        if (line) line.height = entry.borderBoxSize[0].blockSize;
      }
      this.sums = null;
    });
    window.addEventListener("scroll", () => this.later(), { passive: true });
    window.addEventListener("resize", () => { this.measure(); this.later(); });
  }

  measure() {
    const width = this.box.clientWidth;
    const narrow = window.matchMedia("(max-width: 760px)").matches;
    this.across = Math.max(12, Math.min(narrow ? width - 30 : width - 300, 620) / 9.2);
    this.least = narrow ? 84 : 44;
    for (const line of this.text.lines) delete line.guessed;
    if (this.width !== undefined && this.width !== width) for (const line of this.text.lines) delete line.height;
    this.width = width;
    this.sums = null;
  }

  guess(line) {
    if (line.guessed) return line.guessed;
    const wide = /[\u1100-\u11ff\u3000-\uffef]/u.test(line.text[0] ?? "") ? 2 : 1;
    line.guessed = this.least + Math.max(0, Math.ceil((line.text.length * wide) / this.across) - 1) * 33;
    return line.guessed;
  }

  // Where each line begins below the list's top; one more for its end.
  offsets() {
    if (this.sums?.length === this.text.lines.length + 1) return this.sums;
    const sums = new Float64Array(this.text.lines.length + 1);
    this.text.lines.forEach((line, at) => { sums[at + 1] = sums[at] + (line.height ?? this.guess(line)); });
    this.sums = sums;
    return sums;
  }

  lineAt(offset) {
    const sums = this.offsets();
    let low = 0;
    let high = this.text.lines.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sums[middle + 1] <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  later() {
    if (this.asked) return;
    this.asked = true;
    requestAnimationFrame(() => { this.asked = false; this.render(); });
  }

  render() {
    const top = this.box.getBoundingClientRect().top;
    this.show(this.lineAt(-top - NEAR), this.lineAt(window.innerHeight - top + NEAR) + 1);
  }

  show(from, to) {
    const lines = this.text.lines;
    const first = Math.max(0, Math.min(from, lines.length));
    const past = Math.min(lines.length, to);
    const sums = this.offsets();
    const pin = this.pinned && lines[this.pinned.at] === this.pinned ? this.pinned : null;
    const wanted = lines.slice(first, past);
    const apart = pin && (pin.at < first || pin.at >= past) ? pin : null;
    const keep = new Set(apart ? [...wanted, apart] : wanted);
    for (const [line, element] of this.rows) if (!keep.has(line)) this.remove(line, element);
    this.above.remove();
    this.below.remove();
    const order = [this.above, ...wanted.map((line) => this.row(line)), this.below];
    if (apart) {
      const element = this.row(apart);
      order.splice(apart.at < first ? 0 : order.length, 0, element);
      element.style.insetBlockStart = `${sums[apart.at]}px`;
    }
    let cursor = this.box.firstChild;
    for (const element of order) {
      if (element === cursor) cursor = cursor.nextSibling;
      else this.box.insertBefore(element, cursor);
    }
    for (const [line, element] of this.rows) {
      element.classList.toggle("passage--apart", line === apart);
      element.setAttribute("aria-posinset", line.at + 1);
      element.setAttribute("aria-setsize", lines.length);
    }
    this.above.style.blockSize = `${sums[first]}px`;
    this.below.style.blockSize = `${sums[lines.length] - sums[past]}px`;
  }

  row(line) {
    let element = this.rows.get(line);
    if (!element) {
      element = this.draw(line);
      this.rows.set(line, element);
      this.watcher.observe(element);
    }
    return element;
  }

  remove(line, element) {
    this.watcher.unobserve(element);
    this.undraw(line, element);
    element.remove();
    this.rows.delete(line);
  }

  lineOf(element) {
    for (const [line, one] of this.rows) if (one === element) return line;
    return null;
  }

  // The text is another: rows of lines that are gone go; ``redraw`` draws all anew but the one being typed in.
  changed(redraw = false) {
    this.sums = null;
    const there = new Set(this.text.lines);
    for (const [line, element] of [...this.rows]) {
      if (!there.has(line) || (redraw && line !== this.pinned)) this.remove(line, element);
    }
    this.render();
  }

  // Brings a line into sight.
  to(line, block = "center") {
    const element = this.rows.get(line);
    const place = element && !element.classList.contains("passage--apart") ? element.getBoundingClientRect() : null;
    const bar = Number.parseFloat(getComputedStyle(this.box).getPropertyValue("--bar")) || 0;
    if (place && block === "nearest" && place.top >= bar && place.bottom <= window.innerHeight) return this.row(line);
    if (!place) {
      const target = this.offsets()[line.at] + this.box.getBoundingClientRect().top + window.scrollY;
      window.scrollTo({ top: Math.max(0, target - window.innerHeight / 2) });
      this.show(line.at - 20, line.at + 20);
    }
    const row = this.row(line);
    row.scrollIntoView({ block: block === "nearest" ? "nearest" : "center" });
    this.render();
    return row;
  }
}

function spacer() {
  const element = document.createElement("li");
  element.className = "passages__space";
  element.setAttribute("aria-hidden", "true");
  return element;
}
