// One person's picture, without its sound, kept in step with the sound that plays.

const APART = 0.3; // seconds by which the two may differ

export function startPicture(root, player) {
  const choice = root.querySelector("[data-picture-choice]");
  const picture = root.querySelector("[data-picture]");
  if (!choice || !picture) return;
  const step = () => {
    if (picture.hidden) return;
    if (Math.abs(picture.currentTime - player.time) > APART) picture.currentTime = player.time;
    picture.playbackRate = player.sound.playbackRate;
    if (player.playing && picture.paused) picture.play().catch(() => {});
    if (!player.playing && !picture.paused) picture.pause();
  };
  choice.addEventListener("change", () => {
    picture.hidden = !choice.value;
    if (choice.value) picture.src = choice.value;
    else picture.removeAttribute("src");
    step();
  });
  picture.addEventListener("loadedmetadata", step);
  for (const event of ["play", "pause", "seeked", "ratechange", "timeupdate"]) player.sound.addEventListener(event, step);
}
