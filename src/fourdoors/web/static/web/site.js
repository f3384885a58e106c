// Only what htmx cannot: read a page aloud, print it, bring the eye to the faults of a form.
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
document.querySelectorAll("[data-read]").forEach((button) => { button.hidden = !("speechSynthesis" in window); });
document.querySelector(".errors")?.focus();
