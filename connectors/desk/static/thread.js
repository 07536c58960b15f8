// The open conversation: shown anew piece by piece, so that neither the place nor a selection is lost.
import * as composer from "./composer.js";
import { ask, oneAtATime } from "./server.js";

const NEAR = 80;
const TICK_MILLISECONDS = 250;
const openid = document.getElementById("desk").dataset.openid;
const thread = document.getElementById("thread");
const deadlines = new WeakMap();
let isAtEnd = true;

export const showThread = oneAtATime(async () => {
  const fresh = await asked(`/desk/conversations/${openid}/thread?lines=${lines()?.dataset.lines ?? ""}`);
  if (fresh === null) return;
  patch(lines(), fresh.querySelector(".lines"));
  showEarlier(fresh.querySelector("#earlier"));
  replace(thread.querySelector(".head"), fresh.querySelector(".head"));
  composer.update(fresh.querySelector(".composer"));
  if (isAtEnd) showLastLine();
  tick();
});

// Whoever reads the newest goes on reading it when the composer below grows; whoever reads above keeps the place.
function watch(box) {
  box.addEventListener("scroll", () => (isAtEnd = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR));
  new ResizeObserver(() => isAtEnd && showLastLine()).observe(box);
}

export function showLastLine() {
  if (lines()) lines().scrollTop = lines().scrollHeight;
}

// As many lines again, above those that are shown; the first shown stays where it is.
export async function showMore() {
  const earlier = document.getElementById("earlier");
  if (!earlier) return;
  lines().dataset.lines = earlier.dataset.lines;
  const fromEnd = lines().scrollHeight - lines().scrollTop;
  await showThread();
  if (lines()) lines().scrollTop = lines().scrollHeight - fromEnd;
}

// Takes back the newest words that have not left.
export function undo() {
  const forms = thread.querySelectorAll(".undo");
  forms[forms.length - 1]?.requestSubmit();
}

const lines = () => thread.querySelector(".lines");

// A conversation that is no more answers so: then the page says it, and nothing of the follower stays on it.
async function asked(url) {
  try {
    const answer = await ask(url);
    if (answer.status === 404 || answer.status === 410) return gone();
    if (!answer.ok) return null;
    const made = document.createElement("template");
    made.innerHTML = await answer.text();
    return made.content;
  } catch {
    return null;
  }
}

function gone() {
  const sentence = document.getElementById("gone");
  if (!sentence || !lines()) return null;
  composer.forget();
  thread.replaceChildren(sentence.content.cloneNode(true), sentence);
  return null;
}

function showEarlier(fresh) {
  const shown = document.getElementById("earlier");
  if (shown && fresh) replace(shown, fresh);
  else if (fresh) lines().before(fresh);
  else shown?.remove();
}

// Only what differs is touched: a selection within the other lines stays.
function patch(shown, fresh) {
  shown.dataset.lines = fresh.dataset.lines;
  shown.dataset.last = fresh.dataset.last;
  const now = [...fresh.children];
  const ids = new Set(now.map((line) => line.id));
  let next = shown.firstElementChild;
  for (const line of now) {
    while (next && !ids.has(next.id)) next = without(next);
    if (next?.id === line.id) {
      const here = next;
      next = next.nextElementSibling;
      replace(here, line);
    } else shown.insertBefore(line, next);
  }
  while (next) next = without(next);
}

function without(line) {
  const next = line.nextElementSibling;
  line.remove();
  return next;
}

function replace(shown, fresh) {
  if (shown.outerHTML !== fresh.outerHTML) shown.replaceWith(fresh);
}

// Counts down until words leave. What the server said in seconds is told in its own sentence.
function tick() {
  for (const count of thread.querySelectorAll("[data-seconds]")) {
    if (!deadlines.has(count)) deadlines.set(count, performance.now() + count.dataset.seconds * 1000);
    const left = Math.max(0, deadlines.get(count) - performance.now());
    count.textContent = count.dataset.says.replace("#", Math.ceil(left / 1000));
  }
}

document.addEventListener("click", ({ target }) => target.closest?.("#earlier") && showMore());
if (lines()) watch(lines());
setInterval(tick, TICK_MILLISECONDS);
tick();
