// Shows how far a transcript is, and loads the page again when it is ready.

const EVERY = 2500;

export function startMaking(root, isPlaying) {
  const bar = root.querySelector("[data-share]");
  const words = root.querySelector("[data-share-words]");
  const problem = root.querySelector("[data-problem]");
  const look = async () => {
    try {
      const answer = await fetch(root.dataset.url, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const told = await answer.json();
      problem.hidden = true;
      bar.value = told.share;
      words.textContent = `${Math.round(told.share * 100)}\u00a0%`;
      for (const { track, share, words: said } of told.tracks) showTrack(root, track, share, said);
      if ((told.state === "ready" || told.state === "failed") && !isPlaying()) return location.reload();
    } catch {
      problem.hidden = false;
    }
    return setTimeout(look, EVERY);
  };
  setTimeout(look, EVERY);
}

// How far one person's track is, in its bar and in the words the server chose.
function showTrack(root, track, share, said) {
  const row = root.querySelector(`[data-track="${track}"]`);
  if (!row) return;
  row.querySelector("[data-track-share]").value = share;
  const words = row.querySelector("[data-track-words]");
  if (words.textContent !== said) words.textContent = said;
}
