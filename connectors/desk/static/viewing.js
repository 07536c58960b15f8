// Tells colleagues that this agent looks at the conversation, or writes in it.
import { send } from "./server.js";

const LOOK_MILLISECONDS = 15000;
const TYPING_MILLISECONDS = 4000;
// Who only reads masked words is not announced to those who serve.
const isReader = document.getElementById("composer")?.dataset.mode === "read";
const openid = isReader ? "" : document.getElementById("desk").dataset.openid;
let lastTyped = -Infinity;
let ending = null;

export const look = () => openid && !document.hidden && tell({});

function tell(fields) {
  return send(`/desk/conversations/${openid}/viewing`, filled(fields));
}

function filled(fields) {
  const form = new FormData();
  form.set("csrf", document.querySelector("[name=csrf]").value);
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return form;
}

document.addEventListener("input", ({ target }) => {
  if (!openid || !target.matches(".thread textarea")) return;
  clearTimeout(ending);
  ending = setTimeout(look, TYPING_MILLISECONDS);
  if (performance.now() - lastTyped < TYPING_MILLISECONDS) return;
  lastTyped = performance.now();
  tell({ typing: "1" });
});
addEventListener("pagehide", () => {
  if (openid) navigator.sendBeacon(`/desk/conversations/${openid}/viewing`, filled({ gone: "1" }));
});
if (openid) setInterval(look, LOOK_MILLISECONDS);
