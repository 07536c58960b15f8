// Calls of the simulator's scripted API, and its stream of news.

import { toast } from "./dom.js";

async function call(method, path, body) {
  const options = { method };
  if (body !== undefined) {
    options.body = JSON.stringify(body);
    options.headers = { "Content-Type": "application/json" };
  }
  const response = await fetch(path, options);
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error ?? response.statusText);
  return answer;
}

export const read = (path) => call("GET", path);

// Do something, and tell the tester when it is refused.
export async function act(path, body = {}, method = "POST") {
  try {
    return await call(method, `/api${path}`, body);
  } catch (error) {
    toast(error.message);
    return null;
  }
}

// `onOpen` runs at each new connection: what happened before it has to be read anew.
export function listen({ onOpen, onLost, onItem }) {
  const source = new EventSource("/page/stream");
  source.onopen = onOpen;
  source.onerror = onLost;
  source.onmessage = (event) => onItem(JSON.parse(event.data));
}
