// The list of followers that a tester plays.

import { byId, make } from "./dom.js";
import { choose, state } from "./state.js";
import { onAvatar, words } from "./words.js";

export function renderPeople(onChosen) {
  const people = [...state.people.values()];
  byId("people-list").replaceChildren(...people.map((someone) => item(someone, onChosen)));
  const unread = people.reduce((sum, someone) => sum + count(someone), 0);
  byId("unread").hidden = !unread;
  byId("unread").textContent = unread || "";
}

// Lines that came while another follower was being played.
const count = (someone) => (someone.openid === state.current ? 0 : someone.transcript.length - someone.read);

function item(someone, onChosen) {
  const last = someone.transcript.at(-1);
  const isCurrent = someone.openid === state.current;
  const button = make(
    "button",
    { type: "button", className: "someone" },
    make("span", { className: "avatar follower", ariaHidden: "true" }, onAvatar(someone.label)),
    make(
      "span",
      { className: "someone-text" },
      make("span", { className: "someone-name" }, words().follower(someone.label)),
      make("span", { className: "soft ellipsis" }, last ? preview(last) : words().notFollowing),
    ),
    count(someone) ? make("span", { className: "badge" }, String(count(someone))) : null,
  );
  if (isCurrent) button.setAttribute("aria-current", "true");
  button.onclick = () => {
    choose(someone.openid);
    onChosen();
  };
  return make("li", {}, button);
}

function preview(line) {
  const told = words().events[line.kind];
  if (told) return typeof told === "function" ? told(line.text) : told;
  return [words().kinds[line.kind], line.text].filter(Boolean).join(" ");
}
