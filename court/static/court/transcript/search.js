// Plays a passage that was found, in a bar at the foot of the page.
import { clock, showPlaying } from "./clock.js";

const RUN_UP = 0.4; // seconds heard before the words

const dock = document.querySelector("[data-dock]");
const sound = dock.querySelector("[data-dock-sound]");
const main = dock.querySelector("[data-dock-play]");
const problem = dock.querySelector("[data-dock-problem]");
const time = dock.querySelector("[data-dock-time]");
let chosen = null;

function show() {
  const playing = !sound.paused;
  showPlaying(main, playing);
  for (const button of document.querySelectorAll("[data-listen]")) {
    const here = playing && button === chosen;
    showPlaying(button, here);
    button.setAttribute("aria-pressed", String(here));
  }
}

// Before a press: the pointer or the focus on a button has the browser fetch the file's head and the seconds to be heard.
function prepare(button) {
  if (chosen || sound.getAttribute("src") === button.dataset.listen) return;
  sound.preload = "auto";
  sound.src = button.dataset.listen;
  sound.currentTime = from(button);
}

function from(button) { return Math.max(0, Number(button.dataset.start) - RUN_UP); }

function play() {
  problem.hidden = true;
  sound.play().catch((fault) => { if (fault.name !== "AbortError") problem.hidden = false; });
}

function listen(button) {
  if (button === chosen && !sound.paused) return sound.pause();
  const again = button === chosen;
  chosen = button;
  if (sound.getAttribute("src") !== button.dataset.listen) sound.src = button.dataset.listen;
  const second = from(button);
  if (!again || sound.ended) if (Math.abs(sound.currentTime - second) > 0.01) sound.currentTime = second;
  dock.querySelector("[data-dock-name]").textContent = button.dataset.name;
  dock.querySelector("[data-dock-open]").href = button.parentElement.querySelector(".hit__open").href;
  dock.hidden = false;
  document.body.classList.add("with-dock");
  return play();
}

for (const button of document.querySelectorAll("[data-listen]")) {
  button.hidden = false;
  button.addEventListener("click", () => listen(button));
  for (const nearing of ["pointerenter", "focus", "touchstart"]) button.addEventListener(nearing, () => prepare(button), { passive: true });
}
const first = document.querySelector("[data-listen]");
if (first) { prepare(first); sound.preload = "metadata"; }
main.addEventListener("click", () => (sound.paused ? play() : sound.pause()));
dock.querySelector("[data-dock-close]").addEventListener("click", () => {
  sound.pause();
  dock.hidden = true;
  document.body.classList.remove("with-dock");
  chosen?.focus();
});
for (const event of ["play", "pause", "ended"]) sound.addEventListener(event, show);
sound.addEventListener("timeupdate", () => { time.textContent = clock(sound.currentTime); });
sound.addEventListener("error", () => { problem.hidden = false; show(); });
