// The living desk: hears from the server what has changed, and shows that anew.
import * as composer from "./composer.js";
import "./keys.js";
import { dress, showLists } from "./lists.js";
import { showMentions } from "./mentions.js";
import { listen } from "./news.js";
import "./notes.js";
import "./pictures.js";
import { showProfile } from "./profile.js";
import { showSuggestions } from "./suggestions.js";
import { showLastLine, showThread } from "./thread.js";
import { look } from "./viewing.js";

const REFRESH_MILLISECONDS = 30000; // the waiting times grow without anything happening
const openid = document.getElementById("desk").dataset.openid;

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

function changed(data) {
  showLists();
  showMentions();
  if (openid && (data === "" || data === openid)) showConversation();
}

function viewed(data) {
  if (openid && data === openid) showThread();
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
listen({ changed, elsewhere: showLists, viewed }, show);
