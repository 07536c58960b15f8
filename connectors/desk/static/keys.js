// The desk by keyboard; single letters count only outside of texts.
import { text } from "./composer.js";
import { step } from "./lists.js";

const help = document.getElementById("keys");
const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  t: () => document.getElementById("take")?.click(),
  r: () => text()?.focus(),
  "?": () => help.showModal(),
};

function pressed(event) {
  if (event.isComposing || help.open) return;
  if (event.target.matches("input, textarea")) return whileWriting(event);
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const act = KEYS[event.key.toLowerCase()];
  if (!act) return;
  event.preventDefault();
  act();
}

function whileWriting(event) {
  if (event.key === "Escape") event.target.blur();
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  event.target.form.requestSubmit(event.target.form.querySelector(".primary"));
}

document.addEventListener("keydown", pressed);
document.getElementById("show-keys").addEventListener("click", () => help.showModal());
