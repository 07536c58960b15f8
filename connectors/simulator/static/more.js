// What a follower sends beside text: a photo, a picture from the album, a voice message, a place, a sticker.

import { act } from "./api.js";
import { byId, make, toast } from "./dom.js";
import { state } from "./state.js";
import { words } from "./words.js";

const ICONS = {
  picture: ["M3 8h4l2-3h6l2 3h4v11H3z", "M12 16.5a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4z"],
  file: ["M4 5h16v14H4z", "M4 16l5-5 4 4 3-3 4 4", "M15.5 9h.01"],
  voice: ["M12 15a3 3 0 0 0 3-3V6a3 3 0 0 0-6 0v6a3 3 0 0 0 3 3z", "M6 11.5a6 6 0 0 0 12 0M12 17.5V21"],
  place: ["M12 21s-6.5-6-6.5-11a6.5 6.5 0 0 1 13 0c0 5-6.5 11-6.5 11z", "M12 12.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4z"],
  sticker: ["M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z", "M8.5 14.5a4.5 4.5 0 0 0 7 0M9 10h.01M15 10h.01"],
};

export function openMore() {
  byId("toggle-more").addEventListener("click", () => show(byId("more").hidden));
  byId("picture-file").addEventListener("change", sendFile);
}

export const closeMore = () => show(false);

export function renderMore() {
  byId("more").replaceChildren(...Object.entries(words().gestures).map(([kind, text]) => button(kind, text)));
}

function show(isOpen) {
  byId("more").hidden = !isOpen;
  if (isOpen) byId("chat").scrollTop = byId("chat").scrollHeight;
  byId("toggle-more").setAttribute("aria-expanded", String(isOpen));
}

function button(kind, text) {
  const onclick = () => (kind === "file" ? byId("picture-file").click() : send(kind));
  return make("button", { type: "button", onclick }, icon(ICONS[kind]), text);
}

function icon(lines) {
  const space = "http://www.w3.org/2000/svg";
  const drawing = document.createElementNS(space, "svg");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("aria-hidden", "true");
  for (const line of lines) {
    const path = document.createElementNS(space, "path");
    path.setAttribute("d", line);
    drawing.append(path);
  }
  return drawing;
}

async function send(kind, body = {}) {
  closeMore();
  await act(`/followers/${state.current}/${kind}`, body);
}

async function sendFile() {
  const [file] = byId("picture-file").files;
  byId("picture-file").value = "";
  if (!file) return;
  try {
    await send("picture", { content: await base64(file) });
  } catch (error) {
    toast(error.message);
  }
}

function base64(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}
