// Says on the page what went wrong with a passkey; the library that asks the device only tells the console.
const problem = document.querySelector("[data-passkey-problem]");

document.addEventListener("allauth.error", (event) => {
  if (!problem || !event.detail?.tags?.includes("webauthn")) return;
  event.preventDefault();
  const words = { InvalidStateError: "known", NotAllowedError: "refused", AbortError: "refused" };
  problem.textContent = problem.dataset[words[event.detail.exception?.name] ?? "impossible"];
  problem.hidden = false;
});
