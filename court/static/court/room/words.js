/* The page's data and its sentences, in the person's language. Modules hold no words of their own. */
const read = (id) => JSON.parse(document.getElementById(id).textContent);
export const details = read("room-details");
const words = read("room-words");

/** The sentence for a key, with {names} filled in. */
export function say(key, values = {}) {
  const sentence = words[key] ?? key;
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

export const knows = (key) => key in words;
export const roleWord = (role) => words.roles[role] ?? role;

/** A counter such as 00:12:41. */
export function elapsed(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return [seconds / 3600, (seconds / 60) % 60, seconds % 60].map((part) => String(Math.floor(part)).padStart(2, "0")).join(":");
}
