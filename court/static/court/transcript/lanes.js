// The record's words in the left lane: each can be heard, and the one spoken now is marked. A sentence's words become
// elements only when it comes near the screen, so that a day's record opens at once.

const NEAR = "600px 0px";
const LINGER = 0.35; // seconds a word stays marked in the pause after it
const BETWEEN = 1;
const UNFOUND = 2;

export class Lanes {
  constructor(root, onChosen) {
    this.onChosen = onChosen;
    this.rows = [...root.querySelectorAll("[data-pair][data-start]")]
      .map((element) => ({ element, start: Number(element.dataset.start), end: Number(element.dataset.end), words: null }))
      .sort((one, other) => one.start - other.start);
    this.of = new Map(this.rows.map((row) => [row.element, row]));
    this.marked = new Set();
    this.spoken = new Set();
    const watcher = new IntersectionObserver((entries) => {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        watcher.unobserve(entry.target);
        this.part(entry.target);
      }
    }, { rootMargin: NEAR });
    for (const element of root.querySelectorAll("[data-pair]")) watcher.observe(element);
    root.addEventListener("click", (event) => this.clicked(event));
  }

  // Makes the elements of a sentence's words, once; the marks of differences stay around them. data-words: first and last
  // character, start and end in 1/100 s (-1: not in the sound), state.
  part(element) {
    const row = this.of.get(element) ?? { words: null };
    if (row.words) return row.words;
    row.words = [];
    const holder = element.querySelector("[data-text]");
    if (!holder || holder.dataset.parted) return row.words;
    holder.dataset.parted = "yes";
    const numbers = JSON.parse(holder.dataset.words);
    const walker = document.createTreeWalker(holder, NodeFilter.SHOW_TEXT);
    const texts = [];
    for (let at = 0, node = walker.nextNode(); node; node = walker.nextNode()) {
      texts.push({ node, from: at });
      at += node.data.length;
    }
    let next = 0;
    for (const { node, from } of texts) {
      const until = from + node.data.length;
      const parts = document.createDocumentFragment();
      let at = from;
      while (next > 0 && numbers[next - 4] > from) next -= 5;
      for (; next < numbers.length && numbers[next] < until; next += 5) {
        const [first, last, since, ends, state] = numbers.slice(next, next + 5);
        const begin = Math.max(first, from);
        const end = Math.min(last, until);
        if (begin > at) parts.append(node.data.slice(at - from, begin - from));
        const word = document.createElement("span");
        word.className = state === UNFOUND ? "word word--unfound" : state === BETWEEN ? "word word--between" : "word";
        word.textContent = node.data.slice(begin - from, end - from);
        parts.append(word);
        if (since >= 0) row.words.push({ element: word, start: since / 100, end: ends / 100 });
        at = end;
        if (last > until) break;
      }
      parts.append(node.data.slice(at - from));
      node.replaceWith(parts);
    }
    return row.words;
  }

  mark(time) {
    const spoken = new Set();
    const marked = new Set();
    for (const row of this.rows) {
      if (row.start > time + 0.01) break;
      if (row.end + LINGER < time) continue;
      spoken.add(row.element);
      const word = this.part(row.element).findLast((one) => one.start <= time + 0.01);
      if (word && time < word.end + LINGER) marked.add(word.element);
    }
    this.move(this.spoken, spoken, "pair--now");
    this.move(this.marked, marked, "word--now");
    this.spoken = spoken;
    this.marked = marked;
  }

  move(before, after, name) {
    for (const element of before) if (!after.has(element)) element.classList.remove(name);
    for (const element of after) if (!before.has(element)) element.classList.add(name);
  }

  clicked(event) {
    const element = event.target.closest(".word");
    if (!element || event.target.closest("a") || !document.getSelection().isCollapsed) return;
    const row = this.of.get(element.closest("[data-pair]"));
    const word = row?.words.find((one) => one.element === element);
    if (word) this.onChosen(word.start);
  }
}
