// The desk by keyboard; single letters count only outside of texts.
import { text } from "./composer.js";
import { focusFilter, openMostUrgent, openTab, step } from "./lists.js";
import { beginCanned, isChoosing } from "./menu.js";
import { leaveNote, writeNote } from "./notes.js";
import { toggleProfile } from "./profile.js";
import { focusSuggestions, insertSuggestion } from "./suggestions.js";
import { showMore, undo } from "./thread.js";

const help = document.getElementById("keys");
const closing = () => document.getElementById("close");
const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  n: openMostUrgent,
  f: focusFilter,
  ...Object.fromEntries([1, 2, 3, 4].map((number) => [number, () => openTab(number)])),
  c: () => closing()?.click(),
  t: () => document.getElementById("take")?.click(),
  r: () => text()?.focus(),
  m: writeNote,
  i: focusSuggestions,
  u: undo,
  e: showMore,
  p: toggleProfile,
  "/": () => beginCanned() || document.getElementById("to-canned")?.click(),
  "?": () => help.showModal(),
};

function pressed(event) {
  if (event.isComposing || document.querySelector("dialog[open]")) return;
  if (event.altKey && /^Digit[1-3]$/.test(event.code)) {
    event.preventDefault();
    return insertSuggestion(Number(event.code.at(-1)));
  }
  if (event.target.matches(".suggestion") && /^[1-3]$/.test(event.key)) return insertSuggestion(Number(event.key));
  if (event.target.matches("input, textarea")) return whileWriting(event);
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const act = KEYS[event.key.toLowerCase()];
  if (!act) return;
  event.preventDefault();
  act();
}

function whileWriting(event) {
  if (isChoosing()) return;
  if (event.key === "Escape") {
    event.target.blur();
    leaveNote(event.target);
  }
  if (event.key !== "Enter" || event.shiftKey || !event.target.matches("textarea")) return;
  // A phone's Enter key is the only one that makes lines there.
  if (matchMedia("(pointer: coarse)").matches && !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  event.target.form.requestSubmit(event.target.form.querySelector("button.primary"));
}

document.addEventListener("keydown", pressed);
const opener = document.createElement("button");
opener.type = "button";
opener.className = "quiet";
opener.id = "show-keys";
opener.textContent = `${document.getElementById("keys-title").textContent} ?`;
opener.addEventListener("click", () => help.showModal());
document.getElementById("theme").after(opener);
