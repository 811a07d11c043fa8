/* Small parts of the page that several modules draw. */
import { say } from "./words.js";

export const csrf = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "";

export const copyOf = (name) => document.querySelector(`template[data-${name}]`).content.firstElementChild.cloneNode(true);

/** A message in its place: tone "bad" or "wait". */
export function notice(tone, text) {
  const made = copyOf(`alert-${tone}`);
  made.querySelector("p").textContent = text;
  return made;
}

/** Fill a list of devices; the chosen one stays chosen, the one in use stands first if none was. */
export function fillChoices(select, devices, chosen, nameKey, noneKey, none) {
  const wanted = [...devices.map(({ id, label }, at) => [id, label || say(nameKey, { number: at + 1 })]), [none, say(noneKey)]];
  const same = wanted.length === select.options.length && wanted.every(([id, label], at) => select.options[at].value === id && select.options[at].text === label);
  if (!same) select.replaceChildren(...wanted.map(([id, label]) => new Option(label, id)));
  const value = chosen === "" ? wanted[0][0] : chosen;
  if (wanted.some(([id]) => id === value)) select.value = value;
}

const status = () => document.querySelector("[data-status]");
/** Say something to those who listen to the page. */
export function announce(text) {
  const place = status();
  place.textContent = "";
  setTimeout(() => (place.textContent = text), 60);
}

/** Show a message above the room, and take it away after a while. */
export function alertFor(text, { tone = "wait", seconds = 12 } = {}) {
  const place = document.querySelector("[data-alerts]");
  if ([...place.querySelectorAll("p")].some((p) => p.textContent === text)) return;
  const made = notice(tone, text);
  place.append(made);
  if (seconds) setTimeout(() => made.remove(), seconds * 1000);
}

export const clock = (ms) => new Date(ms).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
