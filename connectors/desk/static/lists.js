// The lists: shown anew when something changes, with a sign in the tab when somebody waits.
import { call } from "./calls.js";
import { oneAtATime, part } from "./server.js";

const desk = document.getElementById("desk");
const lists = document.getElementById("lists");
const news = document.getElementById("news");
const icon = document.getElementById("icon");
const title = document.title;
let known = null;

export const showLists = oneAtATime(async () => {
  const asked = location.search;
  const fresh = await part(`/desk/lists${asked}`);
  if (fresh === null || asked !== location.search || isChoosing()) return;
  const focused = document.activeElement.closest?.(".card")?.dataset.openid;
  lists.replaceChildren(fresh);
  dress();
  if (focused) lists.querySelector(`[data-openid="${focused}"]`)?.focus({ preventScroll: true });
});

// Marks the open conversation and the newcomers, and says how many wait.
export function dress() {
  lists.querySelector(`[data-openid="${desk.dataset.openid}"]`)?.setAttribute("aria-current", "page");
  const now = waiting();
  const fresh = known ? [...now].filter((openid) => !known.has(openid)) : [];
  for (const openid of fresh) lists.querySelector(`[data-openid="${openid}"]`).classList.add("is-new");
  news.textContent = fresh.length ? desk.dataset.somebodyWaits : "";
  if (fresh.length) call(desk.dataset.somebodyWaits);
  const count = Number(lists.querySelector('[data-tab="waiting"] .count')?.textContent ?? 0);
  document.title = count ? `(${count}) ${title}` : title;
  icon.href = `/desk/static/mark${count ? "-waiting" : ""}.svg`;
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

// Of those that this agent may take.
export const openMostUrgent = () => lists.querySelector(".waiting .card:not([data-of-others])")?.click();
export const focusFilter = () => lists.querySelector("#filter select")?.focus();
export const openTab = (number) => lists.querySelectorAll(".tabs a")[number - 1]?.click();

function waiting() {
  return new Set([...lists.querySelectorAll(".waiting .card")].map((card) => card.dataset.openid));
}

// Whoever has a choice open keeps it.
const isChoosing = () => document.activeElement.matches?.("#filter select");

// Shows other conversations in the same page: the open one and what is being written stay.
function choose(search) {
  history.replaceState(null, "", `${location.pathname}${search === "?" ? "" : search}`);
  known = null;
  showLists();
}

lists.addEventListener("click", (event) => {
  const link = event.target.closest(".tabs a, .clear, .more");
  if (!link || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  choose(new URL(link.href).search);
});
lists.addEventListener("change", ({ target }) => {
  if (!target.closest("#filter")) return;
  const chosen = new URLSearchParams([...new FormData(target.form)].filter(([, value]) => value));
  target.blur();
  choose(`?${chosen}`);
});
