// <… data-opens-dialog="id"> opens the dialog with that id; data-closes-dialog closes the one it stands in.
// The browser's own dialog keeps the focus inside, closes on Escape and gives the focus back.
export function listen(root) {
  root.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens-dialog]");
    if (opener) {
      const dialog = document.getElementById(opener.dataset.opensDialog);
      if (dialog?.showModal) {
        event.preventDefault();
        dialog.showModal();
      }
      return;
    }
    const closer = event.target.closest("[data-closes-dialog]");
    if (closer) {
      event.preventDefault();
      closer.closest("dialog")?.close(closer.value || "");
    } else if (event.target.matches?.("dialog[data-dialog]") && outside(event)) {
      event.target.close();
    }
  });
}

function outside(event) {
  const box = event.target.getBoundingClientRect();
  return event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
}
