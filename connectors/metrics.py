"""What Prometheus may read; names and labels carry no follower's data.

Counters and histograms are each process's own and are added up by Prometheus. Gauges that start with ``bida_queue``,
``bida_inbox`` and ``bida_ledger`` speak of the shared store: every process tells the same, so take their maximum.
"""

from collections.abc import Sequence

from prometheus_client import Counter, Gauge, Histogram

from bot.change import Change
from bot.kinds import MEDIA as MEDIA_KINDS
from bot.ledger import Event
from bot.messages import Inbound

SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2, 3, 4, 5, 15, 60)

CALLBACKS = Counter("bida_callbacks", "Pushes of WeChat by what became of them", ["result"])
RECEIVED = Counter("bida_messages_received", "New messages by their type", ["kind"])
PLEASE_RESEND = Counter("bida_please_resend", "Followers asked to send again: Redis was away")
REPLY_SECONDS = Histogram(
    "bida_reply_seconds", "From a push to its reply, written into the response", buckets=SECONDS
)
MESSAGE_SECONDS = Histogram(
    "bida_message_seconds",
    "From a message's own time (whole seconds) to its step, however it was answered",
    buckets=(1, 2, 3, 4, 5, 10, 15, 30, 60, 300, 3600),
)
DELIVERY_SECONDS = Histogram(
    "bida_delivery_seconds",
    "From a customer-service message's turn to WeChat's taking it",
    buckets=SECONDS,
)
STEPS = Counter("bida_steps", "Steps of conversations that workers took", ["result"])
OUTCOMES = Counter("bida_outcomes", "Enquiries that ended, by their outcome", ["outcome"])
ESCALATIONS = Counter("bida_escalations", "Enquiries that went to people, by reason", ["reason"])
BRAIN = Counter("bida_brain_turns", "Turns asked of the brain by result", ["result"])
BRAIN_SECONDS = Histogram(
    "bida_brain_seconds",
    "Time of the brain's turns",
    buckets=(0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15),
)
SENDS = Counter(
    "bida_sends",
    "Customer-service messages by result: sent, unsent, uncertain, or WeChat's errcode",
    ["result"],
)
MEDIA = Counter(
    "bida_media", "Followers' pictures, voices and videos by what became of them", ["state"]
)
ALERTS = Counter("bida_alerts", "Alerts that went out, by way and result", ["way", "result"])
TOKENS = Counter("bida_token_fetches", "Access tokens asked of WeChat", ["result"])
LOOP_BLOCKED = Counter("bida_loop_blocked", "Times that the event loop was found blocked")

WAITING = Gauge("bida_queue_waiting", "Followers who wait for a person", ["account"])
WAITING_SECONDS = Gauge(
    "bida_queue_oldest_seconds", "How long the first of them has waited", ["account"]
)
INBOX = Gauge("bida_inbox_followers", "Followers with something to do for a worker", ["account"])
INBOX_SECONDS = Gauge(
    "bida_inbox_oldest_seconds", "Age of the oldest message not served yet", ["account"]
)
ASIDE = Gauge("bida_inbox_aside", "Messages that nothing could be done with", ["account"])
WORKERS = Gauge("bida_workers", "Workers that give signs of life", ["account"])
ENQUIRIES = Gauge("bida_ledger_enquiries", "All enquiries of the ledger", ["account"])
OPEN = Gauge("bida_ledger_open", "Enquiries without an outcome yet", ["account"])
ORPHANS = Gauge("bida_ledger_orphans", "Enquiries past their deadline without one", ["account"])
UNANSWERED = Gauge(
    "bida_ledger_unanswered_ratio", "Orphans, expired and undeliverable of all", ["account"]
)

EVENTS = frozenset({"subscribe", "unsubscribe", "scan", "click", "view", "location"})
"""Events that are counted by name; the others together."""

KINDS = MEDIA_KINDS | {"text", "location", "link"}
"""Types that are counted by name; the others together."""


def kind_of(message: Inbound) -> str:
    """A message's type as a label: few values, whatever WeChat invents."""
    if message.kind != "event":
        return message.kind if message.kind in KINDS else "other"
    return f"event_{message.event if message.event in EVENTS else 'other'}"


def count_step(change: Change, done: Sequence[Inbound], now: float) -> None:
    """Count what a committed step says of its messages and of the enquiries."""
    for message in done:
        MESSAGE_SECONDS.observe(max(0.0, now - message.sent_at))
    for entry in change.entries:
        if entry.event is Event.CLOSED:
            OUTCOMES.labels(str(entry.outcome)).inc()
        elif entry.event is Event.ESCALATED:
            ESCALATIONS.labels(entry.reason or "").inc()
