// The follower's panel: what is known of them, the membership asked for once. On a narrow page it folds.
import { part } from "./server.js";

const profile = document.getElementById("profile");
const opener = document.getElementById("show-profile");
const NARROW = matchMedia("(max-width: 75rem)");
let member = null;
let shown = "";

export async function showProfile() {
  if (!profile?.isConnected) return;
  member ??= part(profile.dataset.member);
  const fresh = await part(profile.dataset.from);
  if (fresh === null) return;
  const told = document.createElement("div");
  told.append(fresh);
  // What is being typed into the panel is not swept away.
  const isTyping = profile.contains(document.activeElement) && document.activeElement.value;
  if (told.innerHTML === shown || isTyping) return;
  const hadFocus = profile.contains(document.activeElement) && document.activeElement.id;
  shown = told.innerHTML;
  profile.replaceChildren(...told.childNodes);
  const known = await member;
  if (known) profile.querySelector("dl")?.after(known.cloneNode(true));
  if (hadFocus) document.getElementById(hadFocus)?.focus();
}

export function toggleProfile() {
  const isOpen = profile?.classList.toggle(NARROW.matches ? "is-open" : "is-folded") === NARROW.matches;
  opener?.setAttribute("aria-expanded", String(isOpen));
  if (isOpen && NARROW.matches) profile.querySelector("input, a, button")?.focus();
}

opener?.setAttribute("aria-expanded", String(!NARROW.matches));
opener?.addEventListener("click", toggleProfile);
profile?.addEventListener("click", ({ target }) => target.id === "hide-profile" && toggleProfile());
document.addEventListener("keydown", ({ key }) => {
  if (key === "Escape" && profile?.classList.contains("is-open")) toggleProfile();
});
