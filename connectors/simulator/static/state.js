// What the page knows: the accounts, the people and their transcripts, the journal, the clock.

import { act, read } from "./api.js";

const CURRENT = "simulator.current";
const LOG_KEPT = 600;

export const state = {
  accounts: new Map(),
  deskUrl: "",
  faults: [],
  people: new Map(),
  log: [],
  offset: 0,
  current: localStorage.getItem(CURRENT),
};

export const person = () => state.people.get(state.current);

const NOBODY = { app_id: "", name: "", menu: [], has_scenes: false };

// The account that the current follower belongs to.
export const account = () => state.accounts.get(person()?.account) ?? state.accounts.values().next().value ?? NOBODY;

export const now = () => Date.now() / 1000 + state.offset;

export async function load() {
  const told = await read("/page/state");
  state.accounts = new Map(told.accounts.map((one) => [one.app_id, one]));
  Object.assign(state, { deskUrl: told.desk_url, faults: told.faults, log: told.log, offset: told.clock.offset });
  const known = new Set(told.followers.map((follower) => follower.openid));
  for (const openid of state.people.keys()) if (!known.has(openid)) state.people.delete(openid);
  for (const follower of told.followers) {
    const kept = state.people.get(follower.openid);
    // A simulator that was started anew with the same seed has the same people with fewer lines.
    if (kept && follower.lines < kept.transcript.length) state.people.delete(follower.openid);
    await update(follower);
  }
  // A browser that has played nobody yet gets somebody of its own, and not one who is in the middle of a talk.
  if (person()) return;
  const made = await newcomer();
  // The tester may have chosen somebody meanwhile.
  if (made && !person()) choose(made.openid);
}

// Somebody new; nobody where the simulator refuses, which the tester is told.
export async function newcomer(account) {
  const made = await act("/followers", { account });
  if (made) await update(made);
  return made;
}

// Take over a follower's new state, and fetch the lines that are not known yet.
export async function update(follower) {
  const kept = state.people.get(follower.openid) ?? { transcript: [], read: follower.lines };
  state.people.set(follower.openid, { ...kept, ...follower });
  if (follower.lines > kept.transcript.length) await fetchLines(kept.transcript, follower.openid);
}

async function fetchLines(transcript, openid) {
  const { lines } = await read(`/api/followers/${openid}/transcript?after=${transcript.length}`);
  // Two fetches may overlap; a line counts once.
  for (const line of lines) if (line.number === transcript.length + 1) transcript.push(line);
}

export function choose(openid) {
  state.current = openid;
  localStorage.setItem(CURRENT, openid);
}

export function note(entry) {
  if (state.log.at(-1)?.number >= entry.number) return;
  state.log.push(entry);
  if (state.log.length > LOG_KEPT) state.log.shift();
}
