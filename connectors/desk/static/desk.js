// The living desk: hears from the server what has changed, and shows that anew.
import * as composer from "./composer.js";
import "./keys.js";
import { dress, showLists } from "./lists.js";
import { showMentions } from "./mentions.js";
import "./notes.js";
import "./pictures.js";
import { showProfile } from "./profile.js";
import { showSuggestions } from "./suggestions.js";
import { showLastLine, showThread } from "./thread.js";
import { look } from "./viewing.js";

const REFRESH_MILLISECONDS = 30000; // the waiting times grow without anything happening
const PATIENCE_MILLISECONDS = 3000; // a stream that is taken up again at once is no trouble
const AGAIN_MILLISECONDS = 5000;
const openid = document.getElementById("desk").dataset.openid;
const connection = document.getElementById("connection");
let trouble = null;

const show = () => Promise.all([showLists(), showMentions(), openid && showConversation()]);

async function showConversation() {
  await showThread();
  showSuggestions();
  showProfile();
}

// Whoever looks has seen what calls them here.
async function seen() {
  await look();
  showMentions();
}

function listen() {
  const events = new EventSource(`/desk/events?shows=${openid}`);
  events.addEventListener("open", () => {
    clearTimeout(trouble);
    trouble = null;
    connection.hidden = true;
    show();
  });
  events.addEventListener("changed", ({ data }) => {
    showLists();
    showMentions();
    if (openid && (data === "" || data === openid)) showConversation();
  });
  events.addEventListener("elsewhere", showLists);
  events.addEventListener("viewed", ({ data }) => openid && data === openid && showThread());
  events.addEventListener("error", () => {
    trouble ??= setTimeout(() => (connection.hidden = false), PATIENCE_MILLISECONDS);
    if (events.readyState !== EventSource.CLOSED) return;
    // The browser has given up: the session may have ended, which the next refresh finds out.
    show();
    setTimeout(listen, AGAIN_MILLISECONDS);
  });
}

document.addEventListener("submit", async (event) => {
  if (event.target.id === "logout") sessionStorage.clear();
  if (event.target.matches("[data-live]") && (await composer.submit(event))) show();
});
// Browsers may have kept this tab asleep.
document.addEventListener("visibilitychange", () => document.hidden || Promise.all([show(), seen()]));
setInterval(show, REFRESH_MILLISECONDS);
dress();
document.querySelector(".card[aria-current]")?.scrollIntoView({ block: "nearest" });
composer.restore(true);
showLastLine();
showSuggestions();
showProfile();
seen();
listen();
