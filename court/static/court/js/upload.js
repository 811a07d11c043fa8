// A form with data-upload is sent in the background so that its progress can be shown. The answer is treated as the browser
// would treat it: a page elsewhere is gone to, the same page again (with its errors or its news) takes the place of this one.
import { lock, release } from "./submit-once.js";

export function listen(root) {
  root.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-upload]") || event.defaultPrevented) return;
    if (![...form.querySelectorAll('input[type="file"]')].some((input) => input.files.length)) return;
    event.preventDefault();
    send(form, event.submitter);
  });
}

function send(form, submitter) {
  const body = new FormData(form, submitter);
  const request = new XMLHttpRequest();
  const bar = form.querySelector("[data-progress]");
  const words = bar?.querySelector("[data-progress-words]");
  const problem = form.querySelector("[data-upload-problem]");
  lock(form);
  if (problem) problem.hidden = true;
  if (bar) bar.hidden = false;
  request.upload.addEventListener("progress", (event) => {
    if (!bar || !event.lengthComputable) return;
    const percent = Math.floor((100 * event.loaded) / event.total);
    bar.querySelector("progress").value = percent;
    words.textContent = percent < 100 ? `${words.dataset.sending} ${percent} %` : words.dataset.checking;
  });
  const failed = () => {
    release(form);
    if (bar) bar.hidden = true;
    if (problem) problem.hidden = false;
  };
  request.addEventListener("error", failed);
  request.addEventListener("abort", failed);
  request.addEventListener("load", () => arrive(form, request, failed));
  request.open("POST", form.getAttribute("action") || window.location.href);
  request.send(body);
}

function arrive(form, request, failed) {
  const sentTo = new URL(form.getAttribute("action") || window.location.href, window.location.href).href;
  if (request.status < 400 && request.responseURL && request.responseURL !== sentTo) {
    window.location.assign(request.responseURL);
    return;
  }
  const page = new DOMParser().parseFromString(request.responseText, "text/html");
  const main = page.querySelector("main");
  if (!main) {
    failed();
    return;
  }
  document.title = page.title;
  const here = document.querySelector("main");
  here.replaceWith(main);
  window.scrollTo(0, 0);
  main.focus({ preventScroll: true });
  main.dispatchEvent(new CustomEvent("court:part", { bubbles: true }));
}
