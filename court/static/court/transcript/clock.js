// Seconds as people read them on a player: 4:12, or 1:04:12.
export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (number) => String(number).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

// Shows the part of a button that belongs to its state, and names the button by what it does next.
export function showPlaying(button, playing) {
  for (const part of button.querySelectorAll("[data-shown]")) part.hidden = (part.dataset.shown === "playing") !== playing;
  if (button.dataset.playWord) button.setAttribute("aria-label", playing ? button.dataset.pauseWord : button.dataset.playWord);
}
