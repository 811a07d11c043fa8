// A form sent twice by a double click is sent once. Every form gets this.
// The clicked button is not disabled, because a disabled button's name and value would not be sent.
// A form whose submit event another module has already taken (preventDefault) is left to that module.
const RELEASE_MS = 20000; // a download or a stopped request leaves the page standing: then the form may be sent again

export function listen(root) {
  root.addEventListener("submit", (event) => {
    const form = event.target;
    if ("sent" in form.dataset) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  }, { capture: true });
  window.addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.target.target === "_blank" || event.target.method === "dialog") return;
    lock(event.target);
    window.setTimeout(() => release(event.target), RELEASE_MS);
  });
  window.addEventListener("pageshow", () => root.querySelectorAll("form[data-sent]").forEach(release));
}

export function lock(form) {
  form.dataset.sent = "";
  for (const control of form.elements) if (control.type === "submit") control.setAttribute("aria-disabled", "true");
}

export function release(form) {
  delete form.dataset.sent;
  for (const control of form.elements) if (control.type === "submit") control.removeAttribute("aria-disabled");
}
