// The page's beginning: puts the modules together and keeps them current.

import { listen } from "./api.js";
import { openDock, renderChat, renderMenu } from "./chat.js";
import { openDetails, refreshFaults, renderAllowance, renderClock, renderDetails, renderLog } from "./details.js";
import { byId, make } from "./dom.js";
import { openMore, renderMore } from "./more.js";
import { renderPeople } from "./people.js";
import { choose, load, newcomer, note, person, state, update } from "./state.js";
import { switchLanguage, translate, words } from "./words.js";

function render() {
  renderChat();
  renderMenu();
  renderPeople(() => {
    closeSheets();
    render();
    focusKeyboard();
  });
  renderDetails();
}

function renderAll() {
  translate();
  byId("language").textContent = words().otherLanguage;
  byId("desk-link").hidden = !state.deskUrl;
  byId("desk-link").href = state.deskUrl;
  renderNewcomers();
  renderMore();
  render();
}

// One button for each account that somebody could follow.
function renderNewcomers() {
  const accounts = [...state.accounts.values()];
  const button = ({ app_id, name }) => {
    const text = accounts.length > 1 ? `${words().newFollower} · ${name}` : words().newFollower;
    const plus = make("span", { ariaHidden: "true" }, "＋ ");
    return make("button", { type: "button", className: "wide", onclick: () => addFollower(app_id) }, plus, text);
  };
  byId("newcomers").replaceChildren(...accounts.map(button));
}

// Items are handled one after the other, since some of them fetch.
let handled = Promise.resolve();
const inTurn = (work) => (handled = handled.then(work).catch((error) => console.error(error)));

async function take(item) {
  if (item.type === "follower") {
    await update(item.follower);
    render();
  } else if (item.type === "log") {
    note(item.entry);
    renderLog();
    if (byId("armed").childElementCount) await refreshFaults();
  } else if (item.type === "clock") {
    state.offset = item.offset;
    render();
  } else if (item.type === "account") {
    state.accounts.set(item.account.app_id, item.account);
    render();
  }
}

// On a narrow screen the two panels are sheets over the phone.
function openSheets() {
  for (const button of document.querySelectorAll("[data-open]")) {
    button.addEventListener("click", () => {
      const sheet = byId(button.dataset.open);
      sheet.classList.add("is-open");
      sheet.focus();
    });
  }
  for (const button of document.querySelectorAll("[data-close]")) button.addEventListener("click", closeSheets);
  document.addEventListener("keydown", (event) => event.key === "Escape" && closeSheets());
  byId("chat").addEventListener("click", closeSheets);
}

function closeSheets() {
  for (const sheet of document.querySelectorAll(".sheet")) sheet.classList.remove("is-open");
}

// Where there is a real keyboard, the next thing a tester does is type.
function focusKeyboard() {
  if (matchMedia("(hover: hover)").matches && byId("text").offsetParent) byId("text").focus();
}

async function addFollower(account) {
  const made = await newcomer(account);
  if (!made) return;
  choose(made.openid);
  closeSheets();
  render();
}

translate();
openDock();
openMore();
openDetails();
openSheets();
byId("language").addEventListener("click", () => {
  switchLanguage();
  renderAll();
});
setInterval(() => {
  renderClock();
  if (person()) renderAllowance(person());
  if (person()?.typing_until) renderChat();
}, 1000);

listen({
  onOpen: () =>
    inTurn(async () => {
      await load();
      byId("offline").hidden = true;
      renderAll();
      await refreshFaults();
      focusKeyboard();
    }),
  onLost: () => (byId("offline").hidden = false),
  onItem: (item) => inTurn(() => take(item)),
});
