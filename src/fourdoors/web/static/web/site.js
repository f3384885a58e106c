// Only what htmx cannot: read a page aloud, print it, send a form once, bring the eye to its faults.
"use strict";
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-read], [data-print]");
  if (!button) return;
  if (button.hasAttribute("data-print")) return window.print();
  if (speechSynthesis.speaking) return speechSynthesis.cancel();
  const text = document.querySelector(button.dataset.read).innerText;
  const said = new SpeechSynthesisUtterance(text);
  said.lang = document.documentElement.lang === "en" ? "en" : "zh-CN";
  said.rate = 0.9;
  speechSynthesis.speak(said);
});
document.addEventListener("submit", (event) => {  // a second press while the first is under way does nothing
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, 5000);  // a download leaves the page where it is
});
addEventListener("pageshow", () => document.querySelectorAll("[data-sent]").forEach((form) => delete form.dataset.sent));
document.querySelectorAll("[data-read]").forEach((button) => { button.hidden = !("speechSynthesis" in window); });
document.querySelector(".errors")?.focus();
