// Passing a conversation on: the dialog is fetched when it is opened, so that presence, load and hours are fresh.
import { listen } from "./news.js";
import { oneAtATime, part, send } from "./server.js";

const here = document.getElementById("desk").dataset.openid;
let shown = "";
const dialog = document.createElement("dialog");
dialog.className = "transfer";
dialog.setAttribute("aria-labelledby", "transfer-title");
document.body.append(dialog);

async function open(openid) {
  const fresh = await part(`/desk/conversations/${openid}/transfer`);
  if (fresh === null || dialog.open) return;
  shown = openid;
  dialog.replaceChildren(fresh);
  dialog.showModal();
  dialog.querySelector("input[type=radio]:enabled")?.focus();
}

// Who comes and goes meanwhile is shown in place: what is chosen and written stays.
const freshen = oneAtATime(async () => {
  const fresh = dialog.open && (await part(`/desk/conversations/${shown}/transfer`));
  for (const now of fresh ? fresh.querySelectorAll("input[type=radio]") : []) {
    const radio = [...dialog.querySelectorAll("input[type=radio]")].find(({ value }) => value === now.value);
    if (!radio) continue;
    radio.disabled = now.disabled;
    radio.checked &&= !now.disabled;
    while (radio.nextSibling) radio.nextSibling.remove();
    while (now.nextSibling) radio.parentNode.append(now.nextSibling);
  }
});

async function pass(event) {
  event.preventDefault();
  const form = event.target;
  const button = event.submitter;
  button.disabled = true;
  const refused = await send(form.action, new FormData(form));
  button.disabled = false;
  const fault = form.querySelector(".fault");
  fault.textContent = refused;
  fault.hidden = !refused;
  if (!refused) dialog.close();
}

dialog.addEventListener("submit", pass);
dialog.addEventListener("click", ({ target }) => target.matches("[data-cancel]") && dialog.close());
// The button comes and goes with the composer; the board has one for each conversation.
document.addEventListener("click", ({ target }) => {
  const button = target.closest("#transfer, [data-transfer]");
  if (button) open(button.dataset.transfer ?? here);
});
document.addEventListener("keydown", (event) => {
  const isFree = !event.isComposing && !document.querySelector("dialog[open]");
  if (event.key.toLowerCase() !== "x" || event.ctrlKey || event.metaKey || event.altKey || !isFree) return;
  if (event.target.matches("input, textarea, select")) return;
  const button = document.getElementById("transfer");
  if (!button) return;
  event.preventDefault();
  button.click();
});
listen({ presence: freshen }, freshen);
