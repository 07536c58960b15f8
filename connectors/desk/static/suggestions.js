// Answers that may fit the follower's last words: one key inserts one of them.
import { insert, text } from "./composer.js";
import { part } from "./server.js";

let shownFor = null;

// Asks once for each new word of the follower's, and anew when the composer is a fresh one.
export async function showSuggestions() {
  const place = document.getElementById("suggestions");
  const last = document.querySelector(".lines")?.dataset.last;
  if (!place || (shownFor === last && place.dataset.isShown)) return;
  shownFor = last;
  place.dataset.isShown = "yes";
  const fresh = await part(place.dataset.from);
  if (fresh !== null) place.replaceChildren(fresh);
}

export const focusSuggestions = () => document.querySelector(".suggestion")?.focus();

export function insertSuggestion(number) {
  const chosen = document.querySelectorAll(".suggestion")[number - 1];
  if (!chosen || !text()) return;
  insert(chosen.dataset.text);
}

document.addEventListener("click", ({ target }) => {
  const chosen = target.closest?.(".suggestion");
  if (chosen) insert(chosen.dataset.text);
});
