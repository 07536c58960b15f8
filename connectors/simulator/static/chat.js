// The chat: what the follower sees, and what a tap on it does.

import { act } from "./api.js";
import { byId, make } from "./dom.js";
import { closeMore } from "./more.js";
import { account, now, person, state } from "./state.js";
import { label, moment, onAvatar, words } from "./words.js";

const QUIET_SECONDS = 300;

let shown = { openid: null, count: 0, language: null };

export function renderChat() {
  const someone = person();
  if (!someone) return;
  const lines = byId("lines");
  if (isOtherChat(someone)) {
    lines.replaceChildren();
    shown = { openid: someone.openid, count: 0, language: words().lang };
  }
  const fresh = someone.transcript.slice(shown.count);
  for (const line of fresh) appendLine(lines, someone, line);
  shown.count = someone.transcript.length;
  someone.read = someone.transcript.length;
  renderFrame(someone);
  if (fresh.length) scrollDown();
}

const isOtherChat = (someone) =>
  shown.openid !== someone.openid || shown.count > someone.transcript.length || shown.language !== words().lang;

function renderFrame(someone) {
  const isFollowing = someone.state === "following";
  byId("profile").hidden = isFollowing;
  byId("dock").hidden = !isFollowing;
  byId("chat").hidden = !isFollowing && !someone.transcript.length;
  byId("profile-name").textContent = account().name;
  byId("profile-avatar").textContent = initial();
  byId("account-name").textContent = someone.typing_until > now() ? words().typing : account().name;
  if (!isFollowing) closeMore();
}

const initial = () => [...account().name][0] ?? "";

function appendLine(list, someone, line) {
  const before = someone.transcript[line.number - 2];
  if (!before || line.at - before.at > QUIET_SECONDS) list.append(timeMark(line.at));
  list.append(line.side === "system" ? systemLine(line) : speech(someone, line));
}

function timeMark(at) {
  const isToday = moment(at, { dateStyle: "short" }) === moment(now(), { dateStyle: "short" });
  const day = isToday ? {} : { month: "short", day: "numeric" };
  return make("li", { className: "mark-time" }, moment(at, { ...day, hour: "2-digit", minute: "2-digit" }));
}

function systemLine(line) {
  const told = words().events[line.kind];
  const text = typeof told === "function" ? told(line.text) : (told ?? line.text);
  return make("li", { className: `system ${line.kind}` }, text);
}

function speech(someone, line) {
  const isOurs = line.side === "account";
  const avatar = make("span", { className: `avatar ${line.side}`, ariaHidden: "true" }, isOurs ? initial() : onAvatar(someone.label));
  const bubble = make("div", { className: `bubble ${line.kind}`, data: { way: line.way ?? "" } }, ...content(line));
  if (line.way) bubble.title = words().reply[line.way];
  const body = make("div", { className: "said" });
  if (line.kf_account) body.append(make("span", { className: "soft" }, line.kf_account));
  body.append(bubble);
  if (line.is_ai) body.append(make("span", { className: "ai" }, words().ai));
  return make("li", { className: `speech ${line.side}` }, avatar, body);
}

// A picture is shown; of the other kinds without words, their name.
function content(line) {
  if (line.kind === "image") {
    return [make("img", { src: `/media/${line.media}`, alt: words().kinds.image, onload: scrollDown })];
  }
  const name = words().kinds[line.kind];
  const parts = line.parts.map(part);
  if (!name) return parts;
  return [make("span", { className: "kind" }, parts.length ? `${name} ` : name), ...parts];
}

function part({ text, href, choice }) {
  if (choice) {
    const onclick = () => act(`/followers/${state.current}/tap`, { choice: choice.content });
    return make("button", { type: "button", className: "choice", onclick }, text);
  }
  if (href && /^https?:/.test(href)) return make("a", { href, target: "_blank", rel: "noopener noreferrer" }, text);
  return document.createTextNode(text);
}

function scrollDown() {
  const chat = byId("chat");
  chat.scrollTop = chat.scrollHeight;
}

// The dock at the bottom: the keyboard, or the account's menu.

export function openDock() {
  const text = byId("text");
  byId("dock").addEventListener("submit", (event) => {
    event.preventDefault();
    say(text);
  });
  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    say(text);
  });
  text.addEventListener("input", () => fit(text));
  byId("toggle-menu").addEventListener("click", () => showMenu(byId("menu").hidden));
  byId("follow").addEventListener("click", () => act(`/followers/${state.current}/follow`));
  document.addEventListener("click", (event) => {
    if (!event.target.closest(".menu")) closeSubmenus();
  });
  document.addEventListener("keydown", (event) => event.key === "Escape" && closeSubmenus());
}

async function say(text) {
  const said = text.value.trim();
  if (!said) return;
  text.value = "";
  fit(text);
  // What was refused is given back, so that nobody types it twice.
  if (!(await act(`/followers/${state.current}/say`, { text: said })) && !text.value) text.value = said;
  fit(text);
}

function fit(text) {
  const isEmpty = !text.value.trim();
  byId("send").hidden = isEmpty;
  byId("toggle-more").hidden = !isEmpty;
  text.style.height = "auto";
  text.style.height = `${text.scrollHeight}px`;
}

function showMenu(isMenu) {
  byId("menu").hidden = !isMenu;
  byId("keys").hidden = isMenu;
  byId("toggle-menu").setAttribute("aria-pressed", String(isMenu));
  closeMore();
  if (!isMenu) byId("text").focus();
}

let rendered = { menu: null, language: null };

export function renderMenu() {
  const { menu } = account();
  if (rendered.menu === menu && rendered.language === words().lang) return;
  rendered = { menu, language: words().lang };
  byId("toggle-menu").hidden = !menu.length;
  if (!menu.length && !byId("menu").hidden) showMenu(false);
  byId("menu").replaceChildren(...menu.map(topButton));
}

function topButton(button) {
  if (!button.buttons.length) return make("div", { className: "top" }, tapButton(button));
  const list = make("div", { className: "submenu", hidden: true }, ...button.buttons.map(tapButton));
  const opener = make("button", { type: "button", ariaExpanded: "false", ariaHasPopup: "true" }, `☰ ${label(button.names)}`);
  opener.onclick = () => {
    const isOpening = list.hidden;
    closeSubmenus();
    list.hidden = !isOpening;
    opener.ariaExpanded = String(isOpening);
  };
  return make("div", { className: "top" }, opener, list);
}

function tapButton(button) {
  const tapped = button.key || button.url || label(button.names);
  const onclick = () => {
    closeSubmenus();
    act(`/followers/${state.current}/menu`, { button: tapped });
  };
  return make("button", { type: "button", onclick }, label(button.names));
}

function closeSubmenus() {
  for (const list of document.querySelectorAll(".submenu")) list.hidden = true;
  for (const opener of document.querySelectorAll(".menu [aria-expanded]")) opener.ariaExpanded = "false";
}
