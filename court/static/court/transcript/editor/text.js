// The whole text in memory: a line for each passage, in order. The page shows some of them; search looks at all.

// A passage as the server sends it: see transcripts/editable.py.
export function lineOf([pk, revision, speaker, role, language, start, end, text, words]) {
  return {
    ref: pk, revision, speaker, role, language, start: start / 100, end: end / 100,
    saved: text, // as the server has it
    queued: text, // as it will have it when what waits was sent
    text, // as it is typed
    flat: words, places: null, at: 0,
  };
}

// The words of a line with their characters in the saved text and their seconds; a word not in the sound has start null.
export function wordsOf(line) {
  if (line.places) return line.places;
  line.places = [];
  let at = 0;
  let until = 0;
  const flat = line.flat;
  for (let n = 0; n < flat.length; n += 5) {
    const first = at + flat[n];
    at = first + flat[n + 1];
    const word = { first, last: at, start: null, end: null, unsure: flat[n + 4] === 1 };
    if (flat[n + 3] >= 0) {
      word.start = (until + flat[n + 2]) / 100;
      until += flat[n + 2] + flat[n + 3];
      word.end = until / 100;
    }
    line.places.push(word);
  }
  return line.places;
}

// The same in the text as it is typed now: what stands before and after the change is where it was, or moved along.
export function wordsNow(line) {
  const words = wordsOf(line);
  if (line.text === line.saved) return words;
  const { saved, text } = line;
  const most = Math.min(saved.length, text.length);
  let before = 0;
  while (before < most && saved[before] === text[before]) before += 1;
  let after = 0;
  while (after < most - before && saved[saved.length - 1 - after] === text[text.length - 1 - after]) after += 1;
  const moved = text.length - saved.length;
  return words
    .filter((word) => word.last <= before || word.first >= saved.length - after)
    .map((word) => (word.last <= before ? word : { ...word, first: word.first + moved, last: word.last + moved }));
}

// Text as the record keeps it: single spaces, nothing at the ends.
export const tidied = (text) => text.replace(/\s+/gu, " ").trim();

export class Text {
  // waits(line) tells whether a change of the line was not answered yet.
  constructor(passages, waits) {
    this.waits = waits;
    this.read(passages);
  }

  read(passages) {
    this.lines = passages.map(lineOf);
    this.number();
  }

  number() {
    this.byRef = new Map();
    this.lines.forEach((line, at) => { line.at = at; this.byRef.set(line.ref, line); });
  }

  line(ref) { return this.byRef.get(ref); }

  // What the server says stands in the place of some passages. Lines that stay are the same objects as before.
  take(before, passages) {
    const known = passages.map((passage) => this.byRef.get(passage[0]));
    if (before.length === passages.length && known.every((line, n) => line && before[n] === line.ref)) {
      return known.map((line, n) => renew(line, passages[n], this.waits(line)));
    }
    const old = [...before, ...passages.map((passage) => passage[0])].map((ref) => this.byRef.get(ref)).filter(Boolean);
    let at = old.length ? Math.min(...old.map((line) => line.at)) : this.placeOf(passages);
    const fresh = passages.map((passage) => {
      const line = this.byRef.get(passage[0]);
      return line ? renew(line, passage, this.waits(line)) : lineOf(passage);
    });
    const gone = new Set(old);
    at -= this.lines.slice(0, at).filter((line) => gone.has(line)).length;
    this.lines = this.lines.filter((line) => !gone.has(line));
    this.lines.splice(at, 0, ...fresh);
    this.number();
    return fresh;
  }

  remove(line) {
    this.lines.splice(line.at, 1);
    this.number();
  }

  // Where passages belong whose neighbours are not known: by their time.
  placeOf(passages) {
    if (!passages.length) return 0;
    const at = this.lines.findIndex((line) => line.start > passages[0][5] / 100);
    return at < 0 ? this.lines.length : at;
  }

  // Cuts a line in two here, before the server has done so.
  split(line, first, rest, ref) {
    const words = wordsNow(line);
    const shift = line.text.length - rest.length;
    const later = words.filter((word) => word.first >= shift);
    const begins = later.find((word) => word.start !== null)?.start ?? line.end;
    const next = {
      ...line, ref, text: rest, saved: rest, queued: rest, start: begins, flat: [],
      places: later.map((word) => ({ ...word, first: word.first - shift, last: word.last - shift })),
    };
    line.places = words.filter((word) => word.last <= first.length);
    Object.assign(line, { text: first, saved: first, queued: first, end: begins });
    delete next.height;
    this.lines.splice(line.at + 1, 0, next);
    this.number();
    return next;
  }

  merge(line, before, joined) {
    const shift = joined.length - line.text.length;
    const later = wordsNow(line).map((word) => ({ ...word, first: word.first + shift, last: word.last + shift }));
    before.places = [...wordsNow(before), ...later];
    Object.assign(before, { text: joined, saved: joined, queued: joined, end: Math.max(before.end, line.end) });
    this.lines.splice(line.at, 1);
    this.number();
  }

  // The number of the last line that begins at or before a second; -1 for none. Lines are in the order they begin.
  spokenAt(second) {
    let low = 0;
    let high = this.lines.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.lines[middle].start <= second) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

// Brings a line up to what the server has; what is typed and not sent yet stays.
export function renew(line, passage, waits) {
  const fresh = lineOf(passage);
  const typed = waits || tidied(line.text) !== tidied(line.queued);
  const text = typed || tidied(line.text) === fresh.text ? line.text : fresh.text;
  Object.assign(line, fresh, { text, queued: waits ? line.queued : fresh.text, at: line.at });
  return line;
}
