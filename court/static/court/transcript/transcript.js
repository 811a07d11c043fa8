// The transcript's page: plays, marks the word being spoken, winds to the word clicked, opens at ?t= or #t=.
import { Follow } from "./follow.js";
import { startMaking } from "./making.js";
import { startPicture } from "./picture.js";
import { Player } from "./player.js";
import { Words } from "./words.js";

const KEYS_KEPT = "court.keys";
const root = document.querySelector("[data-player]");
const list = document.querySelector("[data-lines]");
const making = document.querySelector("[data-making]");
let player = null;

if (root) {
  let words = null;
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
