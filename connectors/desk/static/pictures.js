// Sending a picture: chosen, dropped or pasted, looked at first, then on its way as words are.
import { complain } from "./composer.js";
import { sendFile } from "./server.js";

const preview = document.getElementById("preview");
let chosen = null;

async function show(file) {
  const input = document.getElementById("picture");
  if (!file || !input) return;
  if (file.size > Number(input.dataset.largest)) return complain(input.dataset.large);
  try {
    draw(await createImageBitmap(file));
  } catch {
    // The server says what is wrong with it.
    return upload(file);
  }
  chosen = file;
  preview.returnValue = "";
  preview.showModal();
}

function draw(bitmap) {
  const canvas = preview.querySelector("canvas");
  [canvas.width, canvas.height] = [bitmap.width, bitmap.height];
  canvas.getContext("2d").drawImage(bitmap, 0, 0);
}

async function upload(file) {
  const input = document.getElementById("picture");
  if (!input) return;
  const key = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0"));
  const token = input.form.elements.csrf.value;
  complain(await sendFile(`${input.dataset.to}?key=${key.join("")}`, file, token));
}

preview?.addEventListener("close", () => {
  if (preview.returnValue === "send" && chosen) upload(chosen);
  chosen = null;
});
document.addEventListener("change", ({ target }) => {
  if (target.id !== "picture") return;
  show(target.files[0]);
  target.value = "";
});
document.addEventListener("paste", (event) => {
  const file = [...event.clipboardData.files].find((each) => each.type.startsWith("image/"));
  if (file && event.target.matches?.("#text")) {
    event.preventDefault();
    show(file);
  }
});
