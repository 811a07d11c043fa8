// Finds a passage of the record and puts it, with its citation, where the cursor stands in the draft.
const finder = document.querySelector("[data-cite-finder]");
const form = document.querySelector("[data-cites]");
if (finder && form) start();

function start() {
  const told = document.querySelector("[data-cite-told]");
  const part = (name) => finder.querySelector(`[data-cite-${name}]`);
  const texts = [...form.querySelectorAll("textarea")];
  let into = texts.find((one) => one.name === "findings") ?? texts[0];
  for (const text of texts) text.addEventListener("focus", () => { into = text; });
  finder.hidden = false;
  part("insert").addEventListener("click", async () => {
    const asked = new URLSearchParams({ by: part("by").value, from: part("from").value, to: part("to").value, format: "json", language: finder.dataset.language });
    told.textContent = "";
    try {
      const answer = await fetch(`${part("record").value}?${asked}`, { headers: { Accept: "application/json" } });
      const found = await answer.json();
      if (!answer.ok) { told.textContent = found.error; return; }
      into.setRangeText(found.cited, into.selectionStart, into.selectionEnd, "end");
      into.dispatchEvent(new Event("input", { bubbles: true }));
      told.textContent = finder.dataset.inserted;
      into.focus();
    } catch {
      told.textContent = finder.dataset.failed;
    }
  });
  for (const name of ["from", "to"]) {
    part(name).addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault(); // the draft is not sent by it
      part("insert").click();
    });
  }
}
