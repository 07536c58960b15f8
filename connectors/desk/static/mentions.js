// Where colleagues have called this agent: in the bar, and on the cards of the lists.
import { oneAtATime, part } from "./server.js";

const place = document.getElementById("mentions");

export const showMentions = oneAtATime(async () => {
  const fresh = await part("/desk/mentions");
  if (fresh === null) return;
  const isOpen = place.querySelector("details")?.open;
  place.replaceChildren(fresh);
  if (isOpen && place.querySelector("details")) place.querySelector("details").open = true;
  const called = new Set([...place.querySelectorAll("[data-openid]")].map((link) => link.dataset.openid));
  for (const card of document.querySelectorAll(".card")) {
    card.classList.toggle("is-called", called.has(card.dataset.openid));
  }
});
