// Notes for colleagues: a place of their own, so that none is ever sent to a follower by mistake.
const noting = document.getElementById("noting");
const form = document.getElementById("note");
const opener = document.getElementById("make-note");

export function writeNote() {
  if (!form) return;
  toggle(true);
  form.elements.text.focus();
}

// Back to the reply; what was written stays until it is added.
export function leaveNote(from) {
  if (form && from.form === form) toggle(false);
}

function toggle(isOpen) {
  form.hidden = !isOpen;
  opener.setAttribute("aria-expanded", String(isOpen));
  noting.classList.toggle("is-open", isOpen);
}

opener?.addEventListener("click", () => (form.hidden ? writeNote() : toggle(false)));
document.getElementById("leave-note")?.addEventListener("click", () => toggle(false));
