// The error summary takes the focus when the page comes back, so that it is read out first.
// A link in it goes to the field's label, not under the top edge, and puts the focus in the field.
export function start(root) {
  const summary = root.querySelector("[data-error-summary]");
  if (!summary) return;
  summary.focus();
  summary.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    const control = link && document.getElementById(link.hash.slice(1));
    if (!control) return;
    event.preventDefault();
    (control.closest(".field") ?? control).scrollIntoView({ block: "start" });
    control.focus({ preventScroll: true });
  });
}

// The court's own messages are shown, in the page's language, instead of the browser's bubbles: what is sent is checked by the
// server either way, and nothing typed is lost. Without JavaScript the browser checks first.
export function listen(root) {
  root.addEventListener("click", (event) => {
    const form = event.target.closest("button, input")?.form;
    if (form && form.method === "post") form.noValidate = true;
  }, { capture: true });
}
