// The open conversation: shown anew piece by piece, so that neither the place nor a selection is lost.
import * as composer from "./composer.js";
import { oneAtATime, part } from "./server.js";

const NEAR = 80;
const openid = document.getElementById("desk").dataset.openid;
const thread = document.getElementById("thread");

export const showThread = oneAtATime(async () => {
  const fresh = await part(`/desk/conversations/${openid}/thread`);
  if (fresh === null) return;
  const lines = thread.querySelector(".lines");
  const wasAtEnd = lines.scrollHeight - lines.scrollTop - lines.clientHeight < NEAR;
  patch(lines, fresh.querySelector(".lines"));
  replace(thread.querySelector(".head"), fresh.querySelector(".head"));
  composer.update(fresh.querySelector(".composer"));
  if (wasAtEnd) showLastLine();
});

export function showLastLine() {
  const lines = thread.querySelector(".lines");
  if (lines) lines.scrollTop = lines.scrollHeight;
}

function patch(lines, fresh) {
  const now = [...fresh.children];
  now.forEach((line, index) => {
    const shown = lines.children[index];
    if (shown) replace(shown, line);
    else lines.append(line);
  });
  while (lines.children.length > now.length) lines.lastElementChild.remove();
}

function replace(shown, fresh) {
  if (shown.outerHTML !== fresh.outerHTML) shown.replaceWith(fresh);
}
