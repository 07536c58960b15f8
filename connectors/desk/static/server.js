// Talks to the server. A session that has ended leads to the log-in page, and from there back to this one.
const LOOK_MILLISECONDS = 20000;
const words = document.querySelector("[data-no-connection]").dataset;

// On a line that died without a word a browser waits for minutes; whatever only looks can look again instead.
export async function ask(url, options = { signal: AbortSignal.timeout(LOOK_MILLISECONDS) }) {
  const answer = await fetch(url, { ...options, headers: { ...options.headers, Accept: "text/plain" } });
  if (answer.redirected && new URL(answer.url).pathname === "/desk/login") {
    location.assign(`/desk/login?next=${encodeURIComponent(location.pathname)}`);
    return new Promise(() => {});
  }
  return answer;
}

// A part of the page as elements; null when the server cannot give it now.
export async function part(url) {
  try {
    const answer = await ask(url);
    if (!answer.ok) return null;
    const made = document.createElement("template");
    made.innerHTML = await answer.text();
    return made.content;
  } catch {
    return null;
  }
}

// Sends a form; the result is the sentence that says why it was refused, or the empty string.
export async function send(url, form) {
  try {
    const answer = await ask(url, { method: "POST", body: new URLSearchParams(form) });
    return answer.ok ? "" : await answer.text();
  } catch {
    return words.noConnection;
  }
}

// Sends a file as it is; the token goes in the head. The result is as that of ``send``.
export async function sendFile(url, file, token) {
  try {
    const answer = await ask(url, { method: "POST", body: file, headers: { "X-CSRF-Token": token } });
    return answer.ok ? "" : await answer.text();
  } catch {
    return words.noConnection;
  }
}

// Runs one refresh at a time; those asked for meanwhile become one more afterwards, so that the newest state wins.
export function oneAtATime(refresh) {
  let running = null;
  let again = false;
  async function run() {
    try {
      do {
        again = false;
        await refresh();
      } while (again);
    } finally {
      running = null;
    }
  }
  return () => {
    again = running !== null;
    running ??= run();
    return running;
  };
}
