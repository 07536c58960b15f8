// Live menus in a text: / for canned replies in a reply, @ for colleagues in a note.
import { insert, text } from "./composer.js";
import { ask } from "./server.js";

const MOST = 8;
const list = document.createElement("ul");
list.className = "menu";
list.id = "menu";
list.setAttribute("role", "listbox");
list.hidden = true;
let canned = null;
let box = null;
let start = 0;
let chosen = 0;

export const isChoosing = () => !list.hidden;

// Begins a canned reply in an empty place of the composer.
export function beginCanned() {
  if (!text()) return false;
  insert("/");
  text().dispatchEvent(new Event("input", { bubbles: true }));
  return true;
}

async function look(target) {
  const before = target.value.slice(0, target.selectionStart);
  const found = before.match(target === text() ? /(?:^|\s)\/([\p{L}\p{N}_]*)$/u : /@([^\s@]*)$/u);
  if (!found) return close();
  box = target;
  start = target.selectionStart - found[1].length - 1;
  const word = found[1].toLowerCase();
  show((await offers(target)).filter((each) => each.name.toLowerCase().includes(word)).slice(0, MOST));
}

async function offers(target) {
  if (target !== text()) {
    const colleagues = document.querySelectorAll("#colleagues li");
    return [...colleagues].map((one) => ({ name: one.dataset.name, more: "", words: `@${one.dataset.name} ` }));
  }
  canned ??= await fetchCanned(target.dataset.canned);
  return canned.map(({ shortcut, text: words }) => ({ name: shortcut, more: words, words }));
}

async function fetchCanned(url) {
  try {
    const answer = await ask(url);
    return answer.ok ? await answer.json() : [];
  } catch {
    return [];
  }
}

function show(found) {
  if (!found.length) return close();
  chosen = 0;
  list.replaceChildren(...found.map(item));
  box.before(list);
  list.hidden = false;
  mark();
}

function item(offer, number) {
  const line = document.createElement("li");
  line.id = `menu-${number}`;
  line.setAttribute("role", "option");
  line.dataset.words = offer.words;
  const name = document.createElement("strong");
  name.textContent = offer.name;
  const more = document.createElement("span");
  more.textContent = offer.more;
  line.append(name, more);
  return line;
}

function mark() {
  [...list.children].forEach((line, number) => line.setAttribute("aria-selected", String(number === chosen)));
  box.setAttribute("aria-activedescendant", `menu-${chosen}`);
  list.children[chosen].scrollIntoView({ block: "nearest" });
}

function take(line) {
  const [into, words] = [box, line.dataset.words];
  into.focus();
  into.setRangeText(words, start, into.selectionStart, "end");
  close();
  into.dispatchEvent(new Event("input", { bubbles: true }));
}

function close() {
  list.hidden = true;
  box?.removeAttribute("aria-activedescendant");
}

function pressed(event) {
  if (list.hidden || event.target !== box || event.isComposing) return;
  const moves = { ArrowDown: 1, ArrowUp: -1 };
  if (event.key in moves) {
    chosen = (chosen + moves[event.key] + list.children.length) % list.children.length;
    mark();
  } else if (event.key === "Enter" || event.key === "Tab") take(list.children[chosen]);
  else if (event.key === "Escape") close();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

// Before the keys of the desk, which would send.
document.addEventListener("keydown", pressed, true);
document.addEventListener("input", ({ target }) => target.matches(".thread textarea") && look(target));
list.addEventListener("mousedown", (event) => {
  event.preventDefault();
  const line = event.target.closest("li");
  if (line) take(line);
});
