// The lists: shown anew when something changes, with a sign in the tab when somebody waits.
import { oneAtATime, part } from "./server.js";

const desk = document.getElementById("desk");
const lists = document.getElementById("lists");
const news = document.getElementById("news");
const icon = document.getElementById("icon");
const title = document.title;
let known = waiting();

export const showLists = oneAtATime(async () => {
  const fresh = await part("/desk/lists");
  if (fresh === null) return;
  const focused = document.activeElement.closest?.(".card")?.dataset.openid;
  lists.replaceChildren(fresh);
  dress();
  if (focused) lists.querySelector(`[data-openid="${focused}"]`)?.focus({ preventScroll: true });
});

// Marks the open conversation and the newcomers, and says how many wait.
export function dress() {
  lists.querySelector(`[data-openid="${desk.dataset.openid}"]`)?.setAttribute("aria-current", "page");
  const now = waiting();
  const fresh = [...now].filter((openid) => !known.has(openid));
  for (const openid of fresh) lists.querySelector(`[data-openid="${openid}"]`).classList.add("is-new");
  news.textContent = fresh.length ? desk.dataset.somebodyWaits : "";
  document.title = now.size ? `(${now.size}) ${title}` : title;
  icon.href = `/desk/static/mark${now.size ? "-waiting" : ""}.svg`;
  known = now;
}

// Moves the focus to the next card (1) or the one before (-1).
export function step(by) {
  const cards = [...lists.querySelectorAll(".card")];
  const at = cards.findIndex((card) => card === document.activeElement);
  const from = at >= 0 ? at : cards.findIndex((card) => card.hasAttribute("aria-current"));
  const to = from < 0 ? 0 : from + by;
  cards[Math.max(0, Math.min(cards.length - 1, to))]?.focus();
}

function waiting() {
  return new Set([...lists.querySelectorAll(".waiting .card")].map((card) => card.dataset.openid));
}
