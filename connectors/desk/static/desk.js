// The living desk: shows lists and the open conversation anew when the server says that something changed.
const desk = document.querySelector(".desk");
const lists = document.getElementById("lists");
const thread = document.getElementById("thread");
const connection = document.querySelector(".connection");
const openid = desk.dataset.openid;
const title = document.title;

async function fragment(url) {
  const response = await fetch(url, { headers: { Accept: "text/html" } });
  if (response.redirected) location.assign("/desk/login");
  return response.ok ? response.text() : null;
}

async function showLists() {
  const html = await fragment("/desk/lists");
  if (html === null) return;
  lists.innerHTML = html;
  markOpen();
  const count = lists.querySelector(".count").textContent;
  document.title = count === "0" ? title : `(${count}) ${title}`;
}

async function showThread() {
  const html = await fragment(`/desk/conversations/${openid}/thread`);
  if (html === null) return;
  const draft = keepDraft();
  thread.innerHTML = html;
  restoreDraft(draft);
  showLastLine();
}

// What an agent is typing survives every refresh.
function keepDraft() {
  const box = thread.querySelector("textarea");
  return box && { text: box.value, at: box.selectionStart, focused: box === document.activeElement };
}

function restoreDraft(draft) {
  const box = thread.querySelector("textarea");
  if (!box) return;
  if (draft) {
    box.value = draft.text;
    box.setSelectionRange(draft.at, draft.at);
  }
  if (!draft || draft.focused) box.focus();
}

function showLastLine() {
  const lines = thread.querySelector(".lines");
  if (lines) lines.scrollTop = lines.scrollHeight;
}

function markOpen() {
  for (const card of lists.querySelectorAll(".card")) {
    card.toggleAttribute("aria-current", card.dataset.openid === openid);
  }
}

async function submit(event) {
  const form = event.target.closest("form[data-live]");
  if (!form) return;
  event.preventDefault();
  const buttons = form.querySelectorAll("button");
  buttons.forEach((button) => (button.disabled = true));
  const url = event.submitter?.formAction || form.action;
  const response = await fetch(url, {
    method: "POST",
    body: new URLSearchParams(new FormData(form)),
    headers: { Accept: "text/plain" },
  });
  buttons.forEach((button) => (button.disabled = false));
  if (!response.ok) return complain(await response.text());
  const box = form.querySelector("textarea");
  if (box) box.value = "";
  await Promise.all([showThread(), showLists()]);
}

function complain(sentence) {
  const fault = thread.querySelector(".fault");
  fault.textContent = sentence;
  fault.hidden = false;
}

function sendByKeyboard(event) {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = event.target.closest("form[data-live]");
  form?.requestSubmit(form.querySelector(".primary"));
}

function listen() {
  const events = new EventSource("/desk/events");
  events.addEventListener("changed", ({ data }) => {
    showLists();
    if (openid && (data === "" || data === openid)) showThread();
  });
  events.addEventListener("open", () => {
    connection.hidden = true;
    showLists();
    if (openid) showThread();
  });
  events.addEventListener("error", () => (connection.hidden = false));
}

document.addEventListener("submit", submit);
document.addEventListener("keydown", sendByKeyboard);
setInterval(showLists, 30000);
markOpen();
showLastLine();
listen();
