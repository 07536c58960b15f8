// The living board: shown anew when the server tells of a change, at most once a second.
import { listen } from "./news.js";
import { oneAtATime, part } from "./server.js";

const PAUSE_MILLISECONDS = 1000;
const REFRESH_MILLISECONDS = 10000; // waiting times grow without anything happening
const board = document.getElementById("board");
const news = document.getElementById("board-news");
let planned = null;

const show = oneAtATime(async () => {
  // Whoever is choosing from a list keeps it.
  if (board.contains(document.activeElement) && document.activeElement.matches("select")) return;
  const fresh = await part("/desk/board/now");
  if (fresh === null) return;
  const place = placeOf(document.activeElement);
  board.replaceChildren(fresh);
  const again = place && [...board.querySelectorAll("a, button, [tabindex]")].find((each) => same(placeOf(each), place));
  again?.focus({ preventScroll: true });
  const told = board.querySelector("[data-told]").dataset.told;
  if (news.textContent !== told) news.textContent = told;
});

// Where the focus stands, in words that a fresh board still has.
function placeOf(element) {
  if (!board.contains(element)) return null;
  const row = element.closest("[data-address], [data-agent]")?.dataset;
  return [row?.address ?? row?.agent ?? "", element.getAttribute("href") ?? element.textContent.trim()];
}

const same = (one, other) => one !== null && one[0] === other[0] && one[1] === other[1];

function plan() {
  planned ??= setTimeout(() => {
    planned = null;
    show();
  }, PAUSE_MILLISECONDS);
}

document.addEventListener("visibilitychange", () => document.hidden || plan());
setInterval(plan, REFRESH_MILLISECONDS);
listen({ changed: plan, elsewhere: plan, presence: plan }, plan);
