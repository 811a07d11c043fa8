// [data-file-drop] holds a real file input. Files dropped on the box go into the input; the chosen names and sizes are listed.
export function start(root) {
  for (const box of root.querySelectorAll("[data-file-drop]")) enhance(box);
}

function enhance(box) {
  const input = box.querySelector('input[type="file"]');
  const list = box.querySelector("[data-file-list]");
  if (!input || box.dataset.ready) return;
  box.dataset.ready = "yes";
  let depth = 0;
  const over = (change) => {
    depth = change === 0 ? 0 : Math.max(0, depth + change);
    box.classList.toggle("file-drop--over", depth > 0);
  };
  box.addEventListener("dragenter", (event) => { event.preventDefault(); over(1); });
  box.addEventListener("dragover", (event) => event.preventDefault());
  box.addEventListener("dragleave", () => over(-1));
  box.addEventListener("drop", (event) => {
    event.preventDefault();
    over(0);
    const taken = new DataTransfer();
    const files = [...event.dataTransfer.files];
    for (const file of input.multiple ? files : files.slice(0, 1)) taken.items.add(file);
    if (!taken.files.length) return;
    input.files = taken.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
  input.addEventListener("change", () => show(input, list, box.dataset.remove));
  show(input, list, box.dataset.remove);
}

function show(input, list, removeWord) {
  list.replaceChildren(...[...input.files].map((file, place) => {
    const row = document.createElement("li");
    const name = document.createElement("span");
    name.textContent = file.name;
    const size = document.createElement("span");
    size.className = "number";
    size.textContent = sizeInWords(file.size);
    const remove = document.createElement("button");
    remove.type = "button";
    remove.className = "link-button";
    remove.textContent = removeWord;
    remove.setAttribute("aria-label", `${removeWord}: ${file.name}`);
    remove.addEventListener("click", () => {
      const kept = new DataTransfer();
      [...input.files].forEach((other, index) => { if (index !== place) kept.items.add(other); });
      input.files = kept.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
      input.focus();
    });
    row.append(name, size, remove);
    return row;
  }));
  list.hidden = !input.files.length;
}

// Decimal units, as the server's file_size filter writes them.
export function sizeInWords(bytes) {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte"];
  const step = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(bytes, 1)) / 3)));
  return new Intl.NumberFormat(document.documentElement.lang || "en", {
    style: "unit", unit: units[step], unitDisplay: step ? "short" : "long", maximumFractionDigits: bytes / 1000 ** step < 100 && step ? 1 : 0,
  }).format(bytes / 1000 ** step);
}
