// The agent's presence in the bar: chosen with one key or tap, and put back if the server did not hear of it.
import { send } from "./server.js";

const form = document.getElementById("presence");
const select = form.elements.state;
const fault = form.querySelector(".presence-fault");

select.addEventListener("change", async () => {
  const before = form.dataset.state;
  form.dataset.state = select.value;
  const refused = await send(form.action, new FormData(form));
  fault.textContent = refused;
  if (!refused) return;
  form.dataset.state = before;
  select.value = before;
});
