// Numbered pages: a line plays from its second, the line being said is marked; keys go by lines and pages.
import { startMaking } from "./making.js";
import { Player } from "./player.js";

const sheet = document.querySelector("[data-sheet]");
const making = document.querySelector("[data-making]");
const playerRoot = document.querySelector("[data-player]");
const lines = sheet ? [...sheet.querySelectorAll("[data-second]")] : [];
const starts = lines.map((line) => Number(line.dataset.second));
let now = null;

const player = playerRoot ? new Player(playerRoot, (time) => mark(time)) : null;
if (making) startMaking(making, () => Boolean(player?.playing));

// The last line of the page that had begun; none before the first, and none once another page is being said.
function mark(time) {
  let at = -1;
  starts.forEach((start, index) => { if (start <= time + 0.05) at = index; });
  const past = at === lines.length - 1 && time > starts[at] + 15;
  const line = at < 0 || past ? null : lines[at];
  if (line === now) return;
  now?.classList.remove("sheet__line--now");
  line?.classList.add("sheet__line--now");
  now = line;
}

function playFrom(line) {
  player.sound.preload = "auto";
  player.seek(Number(line.dataset.second));
  player.play();
}

if (sheet && player) {
  sheet.addEventListener("click", (event) => {
    const link = event.target.closest("[data-play-line]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    const line = link.closest("[data-second]");
    history.replaceState(null, "", `#${line.id}`);
    playFrom(line);
  });
}

if (sheet) {
  sheet.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const link = { ArrowLeft: "[data-earlier]", ArrowRight: "[data-later]" }[event.key];
    if (link) {
      document.querySelector(link)?.click();
      return;
    }
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!step) return;
    const all = [...sheet.querySelectorAll(".sheet__line")];
    const at = all.findIndex((line) => line.contains(document.activeElement));
    const next = all[at + step];
    if (!next) return;
    event.preventDefault();
    (next.querySelector("[data-play-line]") ?? next.querySelector(".sheet__number")).focus();
  });
}

const problem = document.querySelector("[data-error-summary]");
if (problem) {
  problem.focus();
} else if (location.hash.startsWith("#p")) {
  // A browser that goes to a fragment takes the focus away again, at the latest when the page is loaded.
  if (document.readyState === "complete") goToLine();
  else window.addEventListener("load", () => setTimeout(goToLine));
}

function goToLine() {
  const line = document.getElementById(location.hash.slice(1));
  (line?.querySelector("[data-play-line]") ?? line?.querySelector(".sheet__number"))?.focus({ preventScroll: true });
  if (line?.dataset.second && player) player.seek(Number(line.dataset.second));
}
