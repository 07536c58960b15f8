// What the server tells of changes: one stream for all of the page. A line that is lost is said so and taken up again,
// and then all is looked at anew.
const PATIENCE_MILLISECONDS = 3000; // a stream that is taken up again at once is no trouble
const AGAIN_MILLISECONDS = 5000;
const connection = document.getElementById("connection");
const desk = document.getElementById("desk");
const hearers = [];
let events = null;
let trouble = null;

// ``heard``: what to do with each kind of news, given its data; ``look``: looks at everything.
export function listen(heard, look) {
  hearers.push({ heard, look });
  attach({ heard });
  if (events?.readyState === EventSource.OPEN) look();
}

const look = () => hearers.forEach((hearer) => hearer.look());

function attach({ heard }) {
  for (const [kind, act] of Object.entries(heard)) events?.addEventListener(kind, ({ data }) => act(data));
}

function begin() {
  events?.close();
  events = new EventSource(`/desk/events?shows=${desk?.dataset.openid ?? ""}`);
  hearers.forEach(attach);
  events.addEventListener("open", opened);
  events.addEventListener("error", lost);
}

function opened() {
  clearTimeout(trouble);
  trouble = null;
  connection.hidden = true;
  look();
}

function lost() {
  trouble ??= setTimeout(() => (connection.hidden = false), PATIENCE_MILLISECONDS);
  if (events.readyState !== EventSource.CLOSED) return;
  // The browser has given up: the session may have ended, which the next look finds out.
  look();
  setTimeout(begin, AGAIN_MILLISECONDS);
}

// Lists and board listen all the time, because they call whoever looks elsewhere. Other pages do while they are looked
// at: browsers keep few lines open at once.
function follow() {
  if (desk || !document.hidden) return events ?? begin();
  events?.close();
  events = null;
}

document.addEventListener("visibilitychange", follow);
follow();
