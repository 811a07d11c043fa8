// The page of a written record: goes through the differences by keys, plays each with a second around it, sends decisions.
import { startMaking } from "./making.js";
import { Lanes } from "./lanes.js";
import { Player } from "./player.js";

const root = document.querySelector("[data-written]");
const making = document.querySelector("[data-making]");
const playerRoot = document.querySelector("[data-player]");
let player = null;
let lanes = null;
let until = Infinity; // where a stretch that is played ends

if (playerRoot) {
  player = new Player(playerRoot, (time) => {
    if (time >= until) {
      until = Infinity;
      player.sound.pause();
    }
    lanes?.mark(time);
  });
}
if (making) startMaking(making, () => Boolean(player?.playing));
if (root) {
  lanes = new Lanes(root.querySelector("[data-lanes]"), (time) => play(time));
  startDifferences();
}

function play(from, to = Infinity) {
  if (!player) return;
  until = to;
  player.sound.preload = "auto";
  player.seek(from);
  player.play();
}

function startDifferences() {
  const list = root.querySelector("[data-list]");
  const said = root.querySelector("[data-said]");
  const form = root.querySelector("[data-decide]");
  root.querySelector("[data-keys-help]").hidden = false;
  if (!list || !form) return;
  root.querySelector("[data-steps]").hidden = true;
  const items = [...list.querySelectorAll("[data-difference]")];
  let chosen = form.closest("[data-difference]");
  const first = markLanes(chosen);
  if (new URLSearchParams(location.search).has("d")) first?.closest("[data-pair]").scrollIntoView({ block: "center" });

  function markLanes(item) {
    for (const mark of root.querySelectorAll(".diff--chosen")) mark.classList.remove("diff--chosen");
    const marks = [...root.querySelectorAll(`[data-mark="${item.dataset.difference}"]`)];
    for (const mark of marks) mark.classList.add("diff--chosen");
    return marks[0];
  }

  function choose(item, { focus = true, lead = true } = {}) {
    if (!item) return;
    chosen.classList.remove("difference--chosen");
    chosen.querySelector(".difference__open").removeAttribute("aria-current");
    chosen = item;
    chosen.classList.add("difference--chosen");
    const link = chosen.querySelector(".difference__open");
    link.setAttribute("aria-current", "true");
    form.action = chosen.dataset.url;
    form.elements.seen.value = chosen.dataset.decision;
    form.elements.note.value = chosen.dataset.note;
    form.querySelector("[data-take-back]").hidden = chosen.dataset.decision === "open";
    form.querySelector("[data-decide-problem]").hidden = true;
    chosen.append(form);
    const mark = markLanes(chosen);
    if (!mark) return void location.assign(link.href); // it stands in another part of the record
    if (lead) mark?.closest("[data-pair]").scrollIntoView({ block: "center" });
    chosen.scrollIntoView({ block: "nearest" });
    if (focus) link.focus({ preventScroll: true });
    history.replaceState(null, "", link.href);
  }

  // A difference that is not in this list: the page with it, without a filter that leaves it out.
  function openNumber(number) {
    location.assign(`?d=${number}#d${number}`);
  }

  function step(by) {
    const item = items[items.indexOf(chosen) + by];
    if (item) choose(item);
    else root.querySelector(by > 0 ? "[data-later]" : "[data-earlier]")?.click();
  }

  function hear(item) {
    if (item.dataset.start) play(Number(item.dataset.start), Number(item.dataset.end));
  }

  async function decide(decision) {
    const item = chosen;
    const problem = form.querySelector("[data-decide-problem]");
    const body = new FormData(form);
    body.set("decision", decision);
    problem.hidden = true;
    try {
      const answer = await fetch(item.dataset.url, { method: "POST", body, headers: { Accept: "application/json" } });
      const told = await answer.json();
      if (!answer.ok) throw new Error(told.error ?? "");
      show(item, told);
      if (told.decision !== "open") choose(items.slice(items.indexOf(item) + 1).find((one) => one.dataset.decision === "open") ?? item);
    } catch (fault) {
      problem.textContent = fault instanceof SyntaxError || fault instanceof TypeError || !fault.message ? root.dataset.failedWord : fault.message;
      problem.hidden = false;
      if (chosen !== item) choose(item);
    }
  }

  function show(item, told) {
    item.dataset.decision = told.decision;
    item.dataset.note = told.note;
    const open = told.decision === "open";
    item.classList.toggle("difference--decided", !open);
    item.querySelector("[data-decided]").hidden = open;
    item.querySelector("[data-decided-words]").textContent = told.words;
    item.querySelector("[data-decided-by]").textContent = told.by;
    item.querySelector("[data-decided-note]").textContent = told.note;
    for (const mark of root.querySelectorAll(`[data-mark="${item.dataset.difference}"]`)) mark.classList.toggle("diff--decided", !open);
    const left = document.querySelector("[data-open]");
    if (left) left.textContent = told.open;
    said.textContent = `${root.dataset.decidedWord}: ${told.words}`;
    if (item === chosen) {
      form.elements.seen.value = told.decision;
      form.querySelector("[data-take-back]").hidden = open;
    }
  }

  list.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    const item = event.target.closest("[data-difference]");
    if (event.target.closest("[data-play-part]")) {
      event.preventDefault();
      if (item !== chosen) choose(item, { focus: false });
      hear(item);
    } else if (event.target.closest(".difference__open")) {
      event.preventDefault();
      choose(item);
    }
  });
  root.querySelector("[data-lanes]").addEventListener("click", (event) => {
    const mark = event.target.closest("[data-mark]");
    const item = mark && items.find((one) => one.dataset.difference === mark.dataset.mark);
    if (!mark || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (!item) return void openNumber(mark.dataset.mark);
    choose(item, { focus: false, lead: false });
    hear(item);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (event.submitter) decide(event.submitter.value);
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const here = event.target;
    if (here.isContentEditable || here.matches("input:not([type='range']), textarea, select")) return;
    if (event.key === " " && here.closest("button, summary, input, [role='button']")) return;
    const act = {
      j: () => step(1),
      k: () => step(-1),
      " ": () => (player?.playing ? player.sound.pause() : hear(chosen)),
    }[event.key.toLowerCase()] ?? decision(event.key);
    if (!act) return;
    event.preventDefault();
    act();
  });

  function decision(key) {
    const button = /^[0-3]$/.test(key) ? form.querySelector(`[data-key="${key}"]`) : null;
    return button && !button.hidden ? () => decide(button.value) : null;
  }
}
