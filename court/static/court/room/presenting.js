/* An exhibit shown to everybody in a hearing: drawn from the room's state, so that who comes late sees it too. */
const root = document.querySelector("[data-presenting]");
const find = (hook) => root.querySelector(`[data-${hook}]`);
const large = document.querySelector("[data-presented-large]");
const { dataset } = root;
const fill = (words, values) => words.replace(/\{(\w+)\}/g, (_all, name) => values[name] ?? "");
let shown; // undefined: nothing is known yet

document.addEventListener("court:room", ({ detail }) => draw(detail.more.presented));

function draw(now) {
  const same = shown !== undefined && (shown?.id ?? null) === (now?.id ?? null) && (shown?.url ?? null) === (now?.url ?? null);
  if (same) return;
  const before = shown;
  shown = now;
  find("nothing").hidden = Boolean(now);
  find("presented").hidden = !now;
  if (!now) {
    for (const player of [find("presented-sound"), find("presented-video")]) still(player);
    document.getElementById("presented").close?.();
    if (before) find("presenting-status").textContent = dataset.awayWords;
    return;
  }
  find("presented-label").textContent = now.label;
  find("presented-title").textContent = now.title;
  find("presented-page").textContent = now.page ? fill(dataset.pageWord, now) : "";
  const picture = now.kind === "pdf" || now.kind === "image";
  find("presented-picture").hidden = !picture || !now.url;
  find("presented-waiting").hidden = Boolean(now.url);
  for (const image of [find("presented-small"), large]) {
    if (picture && now.url) image.src = now.url;
    else image.removeAttribute("src");
    image.alt = `${now.label} ${now.title}`;
  }
  play(find("presented-sound"), now.kind === "audio" ? now : null);
  play(find("presented-video"), now.kind === "video" ? now : null);
  const away = find("put-away");
  away.hidden = !now.away;
  if (now.away) away.action = now.away;
  if (before?.id !== now.id) find("presenting-status").textContent = fill(dataset.shownWords, now);
}

function play(player, now) {
  if (!now) return still(player);
  player.hidden = false;
  player.src = now.url;
  player.setAttribute("aria-label", `${now.label} ${now.title}`);
  return undefined;
}

function still(player) {
  player.hidden = true;
  player.pause();
  player.removeAttribute("src");
}

/** Sent in the background, so that the meeting goes on; what came of it is told with the room's news. */
async function send(event) {
  event.preventDefault();
  const status = find("presenting-status");
  try {
    const answer = await fetch(event.target.action, { method: "POST", body: new FormData(event.target), headers: { Accept: "application/json" } });
    const told = await answer.json();
    status.textContent = told.message;
  } catch {
    status.textContent = dataset.failedWords;
  }
}

const form = find("present");
find("put-away").addEventListener("submit", send);
if (form) {
  const choice = find("exhibit");
  const page = find("page");
  const choose = () => {
    const pages = choice.selectedOptions[0]?.dataset.pages;
    find("page-field").hidden = !pages;
    page.disabled = !pages;
    page.max = pages || "";
    page.value = 1;
  };
  form.addEventListener("submit", send);
  choice.addEventListener("change", choose);
  choose();
}
