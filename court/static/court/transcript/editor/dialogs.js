// The questions the editor asks: who speaks, whether two people's passages are to be one, and which of two texts stands.

// Asks in a dialog; resolves to the value of the button pressed, empty if it was closed.
function asked(dialog) {
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => dialog.addEventListener("close", () => resolve(dialog.returnValue), { once: true }));
}

export function askToMerge(dialog, before, line) {
  dialog.querySelector("[data-before-name]").textContent = before.speaker;
  dialog.querySelector("[data-line-name]").textContent = line.speaker;
  return asked(dialog).then((answer) => answer === "yes");
}

// Resolves to {speaker, role, all} or null. ``people``: [name, role, role in the reader's language].
export async function askSpeaker(dialog, line, people, words) {
  const list = dialog.querySelector("[data-people]");
  list.replaceChildren(...people.map(([name, role, called], number) => {
    const choice = document.createElement("div");
    choice.className = "choice";
    const input = Object.assign(document.createElement("input"), { type: "radio", name: "speaker", id: `speaker-${number}`, value: String(number), checked: name === line.speaker && role === line.role });
    const label = Object.assign(document.createElement("label"), { htmlFor: input.id, textContent: called ? `${name} (${called})` : name });
    choice.append(input, label);
    return choice;
  }));
  const other = dialog.querySelector("[data-other]");
  const role = dialog.querySelector("[data-role]");
  const all = dialog.querySelector("[data-all]");
  other.value = role.value = "";
  all.checked = false;
  other.oninput = () => { if (other.value.trim()) for (const input of list.querySelectorAll("input")) input.checked = false; };
  list.onchange = () => { other.value = ""; };
  dialog.querySelector("[data-all-words]").textContent = words.all.replace("{name}", line.speaker);
  const opened = asked(dialog);
  (list.querySelector("input:checked") ?? list.querySelector("input") ?? other).focus();
  if (await opened !== "yes") return null;
  const typed = other.value.trim();
  const chosen = list.querySelector("input:checked");
  if (typed) return { speaker: typed.slice(0, 150), role: role.value, all: all.checked };
  if (!chosen) return null;
  const [name, part] = people[Number(chosen.value)];
  return { speaker: name, role: part, all: all.checked };
}

// Resolves to the text that shall stand, null to decide later, or "" to let go of one's own (nothing left to put it in).
export async function askWhichStands(dialog, mine, theirs, words) {
  const now = dialog.querySelector("[data-now-text]");
  const own = dialog.querySelector("[data-own-text]");
  const box = dialog.querySelector("[data-stands]");
  const place = dialog.querySelector("[data-stands-place]");
  const one = theirs.length === 1;
  now.textContent = theirs.map((passage) => passage[7]).join(" ⏎ ") || words.gone;
  own.textContent = mine;
  place.hidden = !one;
  dialog.querySelector("[data-keep-none]").hidden = one;
  dialog.querySelector("[data-take]").hidden = !one;
  box.value = one ? theirs[0][7] : "";
  dialog.querySelector("[data-take-now]").onclick = () => { box.value = theirs[0]?.[7] ?? ""; };
  dialog.querySelector("[data-take-own]").onclick = () => { box.value = mine; };
  const answer = await asked(dialog);
  if (answer === "none") return "";
  return answer === "take" && box.value.trim() ? box.value : null;
}
