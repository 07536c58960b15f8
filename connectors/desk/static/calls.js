// What calls an agent who looks elsewhere: a tone and a notice of the desktop, each switched on in the menu. Neither tells
// a follower's words.
const desk = document.getElementById("desk");
const SOUND = "sound";
const NOTICES = "notifications";
let audio = null;

export function call(sentence) {
  if (localStorage.getItem(SOUND)) play();
  if (localStorage.getItem(NOTICES) && document.hidden && Notification.permission === "granted") {
    const notice = new Notification(document.title, { body: sentence, tag: "bida-waiting" });
    notice.addEventListener("click", () => window.focus());
  }
}

function play() {
  audio ??= new AudioContext();
  const now = audio.currentTime;
  for (const [start, hertz] of [[0, 660], [0.16, 880]]) {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = hertz;
    volume.gain.setValueAtTime(0.12, now + start);
    volume.gain.exponentialRampToValueAtTime(0.001, now + start + 0.3);
    tone.connect(volume).connect(audio.destination);
    tone.start(now + start);
    tone.stop(now + start + 0.32);
  }
}

function button(name, switched) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "quiet";
  made.id = name;
  made.addEventListener("click", async () => {
    await switched();
    label(made, name);
  });
  label(made, name);
  return made;
}

function label(made, name) {
  const isOn = Boolean(localStorage.getItem(name));
  const isBlocked = name === NOTICES && Notification.permission === "denied";
  made.setAttribute("aria-pressed", isOn);
  made.textContent = `${desk.dataset[name]}: ${isBlocked ? desk.dataset.blocked : isOn ? desk.dataset.on : desk.dataset.off}`;
}

function toggle(name) {
  if (localStorage.getItem(name)) localStorage.removeItem(name);
  else localStorage.setItem(name, "1");
}

async function toggleNotices() {
  if (!localStorage.getItem(NOTICES) && (await Notification.requestPermission()) !== "granted") return;
  toggle(NOTICES);
}

function toggleSound() {
  toggle(SOUND);
  if (localStorage.getItem(SOUND)) play();
}

const theme = document.getElementById("theme");
theme.after(button(SOUND, toggleSound), ...("Notification" in window ? [button(NOTICES, toggleNotices)] : []));
