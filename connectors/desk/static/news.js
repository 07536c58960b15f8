// What the server tells of changes: one stream for all of the page. A line that is lost is said so and taken up again,
// and then all is looked at anew. The server gives a sign of life every 15 seconds, so that a line that died without a
// word, because the computer slept or the network is another one, is missed as well.
const PATIENCE_MILLISECONDS = 3000; // a stream that is taken up again at once is no trouble
const AGAIN_MILLISECONDS = 5000;
const SILENCE_MILLISECONDS = 35000; // two signs are missing
const GAP_MILLISECONDS = 20000; // one is missing: enough for a page that was asleep
const OPENING_MILLISECONDS = 10000;
const CHECK_MILLISECONDS = 5000;
const connection = document.getElementById("connection");
const desk = document.getElementById("desk");
const hearers = [];
let events = null;
let heardAt = 0;
let trouble = null;
let again = null;

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
  clearTimeout(again);
  events?.close();
  heardAt = Date.now();
  events = new EventSource(`/desk/events?shows=${desk?.dataset.openid ?? ""}`);
  hearers.forEach(attach);
  events.addEventListener("alive", isAlive);
  events.addEventListener("open", opened);
  events.addEventListener("error", lost);
}

function isAlive() {
  heardAt = Date.now();
  clearTimeout(trouble);
  trouble = null;
  connection.hidden = true;
}

function opened() {
  isAlive();
  look();
}

function lost() {
  heardAt = Date.now();
  doubt();
  if (events.readyState !== EventSource.CLOSED) return;
  // The browser has given up: the session may have ended, which the next look finds out.
  look();
  again = setTimeout(begin, AGAIN_MILLISECONDS);
}

function doubt() {
  trouble ??= setTimeout(() => (connection.hidden = false), PATIENCE_MILLISECONDS);
}

const isSilentFor = (milliseconds) => events !== null && Date.now() - heardAt > milliseconds;

// The browser does not notice that nobody is at the other end.
function check() {
  const isOpen = events?.readyState === EventSource.OPEN;
  if (!isSilentFor(isOpen ? SILENCE_MILLISECONDS : OPENING_MILLISECONDS)) return;
  connection.hidden = false;
  begin();
}

function renew() {
  doubt();
  begin();
}

// Lists and board listen all the time, because they call whoever looks elsewhere. Other pages do while they are looked
// at: browsers keep few lines open at once.
function follow() {
  if (document.hidden) return desk || rest();
  if (!events) begin();
  else if (isSilentFor(GAP_MILLISECONDS)) renew();
}

function rest() {
  clearTimeout(again);
  events?.close();
  events = null;
}

document.addEventListener("visibilitychange", follow);
addEventListener("offline", () => (connection.hidden = false));
addEventListener("online", () => events && renew());
setInterval(check, CHECK_MILLISECONDS);
if (desk || !document.hidden) begin();
