// The page of a quotation: a button that copies it.
const button = document.querySelector("[data-copy]");
const words = document.querySelector("[data-quotation]");
if (button && words) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    words.select();
    try { await navigator.clipboard.writeText(words.value); } catch { document.execCommand("copy"); }
    button.querySelector("span").textContent = button.dataset.copied;
  });
}
