// The editor's keys and buttons. No key is a letter by itself: what is typed goes into the text.

const BACK = 2; // seconds

export function startKeys(editor, root) {
  const { player } = editor;
  const acts = {
    play: () => player?.toggle(),
    "play-here": () => player?.from(editor.secondAtCaret()),
    back: () => player?.skip(-BACK),
    on: () => player?.skip(BACK),
    repeat: () => {
      const line = editor.passage.line;
      if (!player || !line) return;
      const repeats = player.repeat(line.start, line.end);
      editor.saving.say(repeats ? editor.words.repeats : editor.words.repeatsNot);
    },
    spoken: () => {
      const line = editor.text.lines[editor.text.spokenAt(player?.time ?? 0)];
      if (line) editor.open(line, 0);
    },
    unsure: () => editor.unsure(1),
    "unsure-before": () => editor.unsure(-1),
    speaker: () => { const line = editor.passage.line; if (line) editor.speaker(line); },
    find: () => {
      const { box } = editor.passage;
      const chosen = document.activeElement === box ? box.value.slice(box.selectionStart, box.selectionEnd) : "";
      editor.passage.save();
      editor.finding.show(chosen);
    },
    undo: () => editor.saving.undo(),
    redo: () => editor.saving.redo(),
    choose: () => { const [change] = editor.saving.queue.held; if (change) editor.choose(change); },
  };
  for (const button of root.querySelectorAll("[data-act]")) {
    // The caret stays where it is: a button pressed by mouse does not take the focus from the passage.
    button.addEventListener("mousedown", (event) => { if (editor.passage.line && button.dataset.act !== "find") event.preventDefault(); });
    button.addEventListener("click", () => acts[button.dataset.act]());
  }
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || event.defaultPrevented || document.querySelector("dialog[open]")) return;
    const act = actOf(event);
    if (!act) return;
    event.preventDefault();
    acts[act]();
  });
}

function actOf(event) {
  const { key, shiftKey: shift, altKey: alt } = event;
  const control = event.ctrlKey || event.metaKey;
  if (alt) return "";
  if (control) {
    if (event.code === "Space" && event.ctrlKey) return "play";
    if (key === "," && event.ctrlKey) return "back";
    if (key === "/" && event.ctrlKey) return "repeat";
    return key.toLowerCase() === "f" && !shift ? "find" : "";
  }
  return { F2: shift ? "unsure-before" : "unsure", F4: "speaker", F8: shift ? "play-here" : "play", F9: shift ? "spoken" : "back", F10: "repeat" }[key] ?? "";
}
