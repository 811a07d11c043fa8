// Two people's changes of one passage put together, word by word, where they do not touch the same words.

const CUT = /[\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]|[^\s\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+|\s+/gu;

export const pieces = (text) => text.match(CUT) ?? [];

// The changes from one list to another: [from, to, instead], in order.
export function changes(old, now) {
  let before = 0;
  while (before < Math.min(old.length, now.length) && old[before] === now[before]) before += 1;
  let after = 0;
  while (after < Math.min(old.length, now.length) - before && old[old.length - 1 - after] === now[now.length - 1 - after]) after += 1;
  const one = old.slice(before, old.length - after);
  const other = now.slice(before, now.length - after);
  const width = other.length + 1;
  const best = new Uint32Array((one.length + 1) * width);
  for (let a = one.length - 1; a >= 0; a -= 1) {
    for (let b = other.length - 1; b >= 0; b -= 1) {
      best[a * width + b] = one[a] === other[b]
        ? best[(a + 1) * width + b + 1] + 1
        : Math.max(best[(a + 1) * width + b], best[a * width + b + 1]);
    }
  }
  const found = [];
  let a = 0;
  let b = 0;
  let open = null;
  const close = () => { if (open) found.push(open); open = null; };
  while (a < one.length || b < other.length) {
    if (a < one.length && b < other.length && one[a] === other[b]) { close(); a += 1; b += 1; continue; }
    open ??= [before + a, before + a, []];
    if (b < other.length && (a === one.length || best[a * width + b + 1] > best[(a + 1) * width + b])) {
      open[2].push(other[b]);
      b += 1;
    } else {
      a += 1;
      open[1] = before + a;
    }
  }
  close();
  return found;
}

const touch = ([from, to], [since, until]) => {
  if (from === to || since === until) return from <= until && since <= to;
  return from < until && since < to;
};

// The text with both changes, or null if they touch the same words.
export function merged(base, mine, theirs) {
  if (mine === theirs) return mine;
  if (base === theirs) return mine;
  if (base === mine) return theirs;
  const old = pieces(base);
  const ours = changes(old, pieces(mine));
  const others = changes(old, pieces(theirs));
  const same = (one, other) => one[0] === other[0] && one[1] === other[1] && one[2].join("") === other[2].join("");
  const added = ours.filter((one) => !others.some((other) => same(one, other)));
  if (added.some((one) => others.some((other) => touch(one, other)))) return null;
  const all = [...others, ...added].sort((one, other) => one[0] - other[0] || one[1] - other[1]);
  let at = 0;
  let text = "";
  for (const [from, to, instead] of all) {
    text += old.slice(at, from).join("") + instead.join("");
    at = to;
  }
  return text + old.slice(at).join("");
}
