// The agent's presence in the bar: chosen with one key or tap, and put back if the server did not hear of it. What is
// chosen on another page is shown here as well.
import { listen } from "./news.js";
import { ask, oneAtATime, send } from "./server.js";

const form = document.getElementById("presence");
const select = form.elements.state;
const fault = form.querySelector(".presence-fault");
let sending = 0;

function show(state) {
  form.dataset.state = state;
  select.value = state;
}

const look = oneAtATime(async () => {
  try {
    const answer = await ask(form.action);
    const state = await answer.text();
    if (answer.ok && !sending) show(state);
  } catch {
    // The line is lost, which the page says elsewhere.
  }
});

select.addEventListener("change", async () => {
  const before = form.dataset.state;
  form.dataset.state = select.value;
  sending += 1;
  const refused = await send(form.action, new FormData(form));
  sending -= 1;
  fault.textContent = refused;
  if (refused) show(before);
});
// A colleague's presence comes without a name.
listen({ presence: (name) => name && look() }, look);
