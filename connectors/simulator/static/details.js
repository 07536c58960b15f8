// The developer's panel: what may be sent, the clock, faults, and how each push was delivered.

import { act, read } from "./api.js";
import { byId, make } from "./dom.js";
import { account, now, person, state } from "./state.js";
import { duration, moment, words } from "./words.js";

const PUSHES_SHOWN = 30;
const LONG = { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit" };

let opened = new Set();

export function openDetails() {
  byId("bind").addEventListener("click", () => {
    act(`/followers/${state.current}/${person().member ? "unbind" : "bind"}`);
  });
  byId("unfollow").addEventListener("click", () => act(`/followers/${state.current}/unfollow`));
  byId("scan-form").addEventListener("submit", (event) => {
    event.preventDefault();
    act(`/followers/${state.current}/scan`, { scene: byId("scene").value.trim() || byId("scene").placeholder });
  });
  byId("fault-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    renderArmed(await act("/faults", { kind: byId("fault").value }));
  });
}

export function renderDetails() {
  const someone = person();
  if (!someone) return;
  byId("openid").textContent = someone.openid;
  renderAllowance(someone);
  renderPerson(someone);
  renderClock();
  renderJumps();
  renderFaults();
  renderLog();
}

export function renderAllowance(someone) {
  const isOpen = someone.deadline > now();
  const left = isOpen ? someone.remaining : 0;
  byId("remaining").textContent = left;
  byId("remaining-note").textContent = words().leftOf(left);
  byId("pips").replaceChildren(...[1, 2, 3, 4, 5].map((n) => make("i", { className: n <= left ? "on" : "" })));
  byId("deadline").textContent = isOpen
    ? words().windowUntil(moment(someone.deadline, LONG), duration(someone.deadline - now()))
    : someone.lines ? words().windowClosed : words().windowNever;
}

function renderPerson(someone) {
  byId("member").textContent = someone.member ? words().member(someone.member) : words().notMember;
  byId("bind").textContent = someone.member ? words().unbind : words().bind;
  byId("unfollow").disabled = someone.state !== "following";
  byId("scan-form").hidden = !account().has_scenes;
  byId("scene").placeholder = "store-12";
  byId("marks").replaceChildren(...Object.entries(words().marks).map(([mark, text]) => markButton(someone, mark, text)));
}

// Why WeChat refuses what the account sends to this follower.
function markButton(someone, mark, text) {
  const isSet = someone.marks.includes(mark);
  const onclick = () => act(`/followers/${state.current}/mark`, { [mark]: !isSet });
  return make("button", { type: "button", className: "mark-button", ariaPressed: String(isSet), onclick }, text);
}

export function renderClock() {
  byId("now").textContent = moment(now(), LONG);
  byId("offset").textContent = Math.abs(state.offset) < 1 ? words().realTime : words().ahead(duration(state.offset));
}

function renderJumps() {
  const jump = (seconds) => act("/clock", seconds ? { advance: seconds } : { offset: 0 });
  const button = ([seconds, text]) => make("button", { type: "button", onclick: () => jump(seconds) }, text);
  // The way back is offered only to those who left.
  const offered = words().jumps.filter(([seconds]) => seconds || Math.abs(state.offset) >= 1);
  byId("jumps").replaceChildren(...offered.map(button));
}

function renderFaults() {
  const select = byId("fault");
  if (!select.options.length) select.append(...state.faults.map((kind) => make("option", {}, kind)));
}

export async function refreshFaults() {
  renderArmed(await read("/api/faults"));
}

function renderArmed(told) {
  if (!told) return;
  const items = told.active.map((fault) => make("li", {}, `${fault.kind} × ${fault.count ?? "∞"}`));
  const onclick = async () => renderArmed(await act("/faults", undefined, "DELETE"));
  if (items.length) items.push(make("li", {}, make("button", { type: "button", className: "quiet", onclick }, words().clear)));
  byId("armed").replaceChildren(...items);
}

export function renderLog() {
  const list = byId("log");
  const rows = grouped().slice(-PUSHES_SHOWN).reverse().map(row);
  list.replaceChildren(...(rows.length ? rows : [make("li", { className: "soft" }, words().nothingYet)]));
}

// The journal's entries that concern this follower; the deliveries of one push together.
function grouped() {
  const groups = new Map();
  for (const entry of state.log) {
    const isApi = entry.kind === "api";
    if (isApi ? entry.openid && entry.openid !== state.current : entry.openid !== state.current) continue;
    const key = isApi ? `api-${entry.number}` : entry.push;
    if (!groups.has(key)) groups.set(key, { key, first: entry, deliveries: [] });
    if (entry.kind === "delivery") groups.get(key).deliveries.push(entry);
    if (entry.kind === "failed") groups.get(key).isFailed = true;
  }
  return [...groups.values()];
}

const row = (group) => (group.first.kind === "api" ? apiRow(group.first) : pushRow(group));

function apiRow(entry) {
  const name = entry.path.replace("/cgi-bin/", "");
  const tone = entry.errcode ? "bad" : "good";
  return make(
    "li",
    { className: "entry api" },
    make("span", { className: "entry-name ellipsis" }, `→ ${name}`),
    make("span", { className: `chip ${tone}`, title: entry.errmsg }, String(entry.errcode)),
    make("span", { className: "soft" }, seconds(entry.seconds)),
  );
}

function pushRow({ key, first, deliveries, isFailed }) {
  const chips = deliveries.map((one) => make("span", { className: `chip ${tone(one)}` }, `${one.delivery} · ${seconds(one.seconds)}`));
  if (!deliveries.length) chips.push(make("span", { className: "chip waiting" }, words().waiting));
  const node = make(
    "details",
    { open: opened.has(key) },
    make("summary", { className: "entry" }, make("span", { className: "entry-name ellipsis" }, `← ${first.summary ?? words().verdicts.forged}`), ...chips),
    isFailed ? make("p", { className: "verdict" }, words().failed) : null,
    ...deliveries.map(deliveryDetails),
  );
  node.ontoggle = () => opened[node.open ? "add" : "delete"](key);
  return make("li", {}, node);
}

function deliveryDetails(one) {
  const verdict = words().verdicts[one.verdict];
  const told = [words().times(one.delivery), one.status, verdict, one.reason].filter(Boolean).join(" · ");
  const answer = one.answer ? make("pre", { tabIndex: 0 }, one.answer) : null;
  return make("div", { className: "delivery" }, make("p", { className: "soft" }, told), answer);
}

const tone = (one) => ({ shown: "good", nothing: "calm", abnormal: "bad", forged: "odd" })[one.verdict];
const seconds = (value) => `${value < 0.1 ? value.toFixed(3) : value.toFixed(2)} s`;
