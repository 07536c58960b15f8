// What the server tells of changes. A line that is lost is said so and taken up again, and then all is looked at anew.
const PATIENCE_MILLISECONDS = 3000; // a stream that is taken up again at once is no trouble
const AGAIN_MILLISECONDS = 5000;
const connection = document.getElementById("connection");
let trouble = null;

// ``heard``: what to do with each kind of news, given its data; ``look``: looks at everything.
export function listen(url, heard, look) {
  const events = new EventSource(url);
  events.addEventListener("open", () => {
    clearTimeout(trouble);
    trouble = null;
    connection.hidden = true;
    look();
  });
  for (const [kind, act] of Object.entries(heard)) events.addEventListener(kind, ({ data }) => act(data));
  events.addEventListener("error", () => {
    trouble ??= setTimeout(() => (connection.hidden = false), PATIENCE_MILLISECONDS);
    if (events.readyState !== EventSource.CLOSED) return;
    // The browser has given up: the session may have ended, which the next look finds out.
    look();
    setTimeout(() => listen(url, heard, look), AGAIN_MILLISECONDS);
  });
}
