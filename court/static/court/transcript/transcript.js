// The transcript's page: plays, marks the word being spoken, winds to the word clicked, opens at ?t= or #t=.
import { Follow } from "./follow.js";
import { startMaking } from "./making.js";
import { startPicture } from "./picture.js";
import { Player } from "./player.js";
import { Selection } from "./selection.js";
import { Words } from "./words.js";

const KEYS_KEPT = "court.keys";
const root = document.querySelector("[data-player]");
const list = document.querySelector("[data-lines]");
const making = document.querySelector("[data-making]");
let player = null;
let words = null;

if (root) {
  let follow = null;
  player = new Player(root, (time) => {
    if (!words) return;
    const line = words.mark(time);
    follow.at(line);
  });
  if (list) {
    words = new Words(list, (time) => {
      follow.on = true;
      follow.button.hidden = true;
      player.seek(time);
      player.play();
      history.replaceState(null, "", `?t=${time.toFixed(2)}`);
    });
    follow = new Follow(words, document.querySelector("[data-follow]"), () => player.playing);
    openAt(words);
  }
  startPicture(root, player);
  startOptions();
  startMoments();
}
if (list && !words) words = new Words(list, () => {});
if (words) {
  const bar = document.querySelector("[data-chosen]");
  const selection = bar ? new Selection(words, bar, document.querySelector("[data-choose]")) : null;
  openAtWords(selection);
}
if (making) startMaking(making, () => Boolean(player?.playing));

// ?t=252.1 or #t=252.1: the page opens at that word, wound there and ready to play.
function openAt(words) {
  const told = new URLSearchParams(location.search).get("t") ?? new URLSearchParams(location.hash.slice(1)).get("t");
  const time = Number.parseFloat(told);
  if (!Number.isFinite(time) || time < 0) return;
  player.sound.preload = "auto";
  player.seek(time);
  const word = words.wordAt(time);
  if (!word) return;
  const line = word.element.closest("[data-line]");
  words.rove(words.of.get(line));
  word.element.classList.add("word--linked");
  line.scrollIntoView({ block: "center" });
}

// ?w=345 or ?w=345-360: the page opens at these words, chosen, wound there and ready to play.
function openAtWords(selection) {
  const told = /^(\d+)(?:-(\d+))?$/.exec(new URLSearchParams(location.search).get("w") ?? "");
  if (!told) return;
  const first = words.numbered(Number(told[1]));
  if (!first) return;
  const last = words.numbered(Number(told[2] ?? told[1])) ?? first;
  const line = words.lines[first[0]];
  words.rove(first[0]);
  words.partOf(line)[first[1]].element.classList.add("word--linked");
  words.partOf(words.lines[last[0]]);
  selection?.take(first, last);
  if (player) {
    player.sound.preload = "auto";
    player.seek(line.words[first[1]].start);
  }
  line.element.scrollIntoView({ block: "center" });
}

// A moment of the timeline, or one that is missing: wound there, and played.
function startMoments() {
  for (const list of document.querySelectorAll("[data-moments]")) list.addEventListener("click", (event) => {
    const link = event.target.closest("[data-moment]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const time = Number(link.dataset.moment);
    words?.wordAt(time)?.element.closest("[data-line]").scrollIntoView({ block: "center" });
    player.seek(time);
    player.play();
    history.replaceState(null, "", link.href);
  });
}

function startOptions() {
  const options = document.querySelector("[data-options]");
  const unsure = options.querySelector("[data-mark-unsure]");
  const keys = options.querySelector("[data-keys]");
  options.hidden = false;
  unsure.addEventListener("change", () => list?.classList.toggle("lines--unsure", unsure.checked));
  try { keys.checked = localStorage.getItem(KEYS_KEPT) !== "off"; } catch { /* a browser that keeps nothing */ }
  keys.addEventListener("change", () => {
    try { localStorage.setItem(KEYS_KEPT, keys.checked ? "on" : "off"); } catch { /* a browser that keeps nothing */ }
  });
  document.addEventListener("keydown", (event) => {
    if (!keys.checked || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const here = event.target;
    if (here.isContentEditable || here.matches("input:not([type='range'], [type='checkbox']), textarea, select")) return;
    if (event.key === " " && here.closest("button, a, summary, input, [role='button']")) return;
    const act = {
      " ": () => player.toggle(),
      k: () => player.toggle(),
      j: () => player.skip(-5),
      l: () => player.skip(5),
      "<": () => player.faster(-1),
      ">": () => player.faster(1),
    }[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    act();
  });
}
