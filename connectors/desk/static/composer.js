// Where the agent writes. What was typed survives refreshes, faults, other conversations and the agent's next log-in.
import { send } from "./server.js";

const CONFIRM_MILLISECONDS = 4000;
const TYPING_MILLISECONDS = 15000; // for so long WeChat shows the sign, and refuses another
const { openid, agent } = document.getElementById("desk").dataset;
const draft = `draft:${agent}:${openid}`;
const fault = document.getElementById("fault");
let composer = document.getElementById("composer");
let isComposing = false;
let isSending = false;
let wantsToWrite = false; // has just taken the conversation
let waitingChange = null;
let lastTyped = -Infinity;

// Takes over what a fresh composer brings. The text box itself is never replaced while it can still be used, and
// nothing is replaced in the middle of a composition or a sending: that change is made afterwards.
export function update(fresh) {
  if (fresh.dataset.mode === composer.dataset.mode) return adopt(fresh);
  if (isComposing || isSending) {
    waitingChange = fresh;
    return;
  }
  const hadFocus = composer.contains(document.activeElement);
  composer.replaceWith(fresh);
  composer = fresh;
  restore(hadFocus || wantsToWrite);
  wantsToWrite = false;
}

export function restore(takesFocus) {
  const box = text();
  if (!box) return;
  box.value = sessionStorage.getItem(draft) ?? "";
  showCost(box);
  if (takesFocus) box.focus();
}

export const text = () => composer?.querySelector("textarea");

// The follower was forgotten: what was written to them is as well.
export function forget() {
  sessionStorage.removeItem(draft);
  composer = null;
}

// Puts words where the cursor stands, with what the box already holds around them.
export function insert(words, from = text()?.selectionStart, to = text()?.selectionEnd) {
  const box = text();
  if (!box) return;
  box.focus();
  box.setRangeText(words, from, to, "end");
  keep(box);
}

function adopt(fresh) {
  waitingChange = null;
  for (const id of ["warning", "close"]) {
    const mine = composer.querySelector(`#${id}`);
    const theirs = fresh.querySelector(`#${id}`);
    if (!mine || !theirs) continue;
    if (id === "warning") mine.textContent = theirs.textContent;
    else mine.dataset.confirm = theirs.dataset.confirm;
  }
}

function settle() {
  const change = waitingChange;
  waitingChange = null;
  if (change) update(change);
}

// Sends the form of the event; the result says whether anything happened that the page should show.
export async function submit(event) {
  event.preventDefault();
  const form = event.target;
  const button = event.submitter ?? form.querySelector("button.primary, button");
  if (isSending || isComposing || !button || !isConfirmed(button)) return false;
  const sent = form.elements.text?.value;
  isSending = true;
  button.disabled = true;
  const url = button.getAttribute("formaction") ?? form.action;
  const refused = await send(url, new FormData(form));
  button.disabled = false;
  isSending = false;
  complain(refused);
  tell(refused ? "" : (form.dataset.done ?? ""));
  wantsToWrite = !refused && button.id === "take";
  if (!refused) finished(form, button, sent);
  settle();
  return true;
}

function finished(form, button, sent) {
  if (button.id === "send") clear(form, sent);
  else if (form.matches(".undo") && text() && !text().value) insert(form.dataset.words);
  else if (form.matches("#note, .add-tag")) form.reset();
}

// What was typed while the reply was on its way stays.
function clear(form, sent) {
  const box = form.elements.text;
  if (box.value.startsWith(sent)) box.value = box.value.slice(sent.length).trimStart();
  form.elements.key.value = freshKey();
  keep(box);
}

// A reply sent twice carries the same key, and is said once.
function freshKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function complain(sentence) {
  fault.textContent = sentence;
  fault.hidden = !sentence;
}

function tell(sentence) {
  const done = document.getElementById("done");
  if (!done) return;
  done.textContent = sentence;
  done.hidden = !sentence;
}

function isConfirmed(button) {
  const question = button.dataset.confirm;
  if (!question || button.classList.contains("is-asking")) return true;
  const label = button.textContent;
  button.textContent = question;
  button.classList.add("is-asking");
  setTimeout(() => {
    button.textContent = label;
    button.classList.remove("is-asking");
  }, CONFIRM_MILLISECONDS);
  return false;
}

function keep(box) {
  if (box.value) sessionStorage.setItem(draft, box.value);
  else sessionStorage.removeItem(draft);
  showCost(box);
}

// A long reply is cut into several messages, and WeChat counts them.
function showCost(box) {
  const pieces = Math.ceil(new TextEncoder().encode(box.value).length / box.dataset.piece);
  const left = document.querySelectorAll(".dots .is-left").length;
  const cost = document.getElementById("cost");
  cost.textContent = pieces > 1 ? box.dataset.several.replace("#", pieces) : "";
  cost.classList.toggle("is-too-much", pieces > left);
}

// The follower sees that somebody writes; whether it worked is of no interest.
function showTyping(box) {
  if (!box.value || performance.now() - lastTyped < TYPING_MILLISECONDS) return;
  lastTyped = performance.now();
  const form = new FormData();
  form.set("csrf", box.form.elements.csrf.value);
  send(`/desk/conversations/${openid}/typing`, form);
}

document.addEventListener("input", ({ target }) => {
  if (target !== text()) return;
  keep(target);
  showTyping(target);
});
document.addEventListener("compositionstart", () => (isComposing = true));
document.addEventListener("compositionend", () => {
  isComposing = false;
  if (text()) keep(text());
  settle();
});
