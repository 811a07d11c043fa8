// Buttons that play a stretch of sound: data-plays (address), data-start and perhaps data-end in seconds. One at a time.
const sound = new Audio();
sound.preload = "none";
let now = null;
let until = Infinity;

function show(button, playing) {
  button.setAttribute("aria-pressed", String(playing));
}

function halt() {
  sound.pause();
  if (now) show(now, false);
  now = null;
}

sound.addEventListener("timeupdate", () => { if (sound.currentTime >= until) halt(); });
sound.addEventListener("ended", halt);
sound.addEventListener("error", () => { if (now) now.disabled = true; halt(); });

for (const button of document.querySelectorAll("[data-plays]")) {
  button.hidden = false;
  show(button, false);
  button.addEventListener("click", () => {
    if (now === button) return halt();
    halt();
    now = button;
    until = button.dataset.end ? Number(button.dataset.end) : Number(button.dataset.start) + 20;
    const address = new URL(button.dataset.plays, location.href).href;
    if (sound.src !== address) sound.src = address;
    const begin = () => { sound.currentTime = Number(button.dataset.start); sound.play().catch(halt); };
    if (sound.readyState) begin();
    else { sound.addEventListener("loadedmetadata", begin, { once: true }); sound.load(); }
    show(button, true);
    return undefined;
  });
}
