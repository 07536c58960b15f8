"""What Prometheus may read; names and labels carry no follower's data."""

from prometheus_client import Counter, Gauge, Histogram

CALLBACKS = Counter("bida_callbacks", "Pushes of WeChat by what became of them", ["result"])
PLEASE_RESEND = Counter("bida_please_resend", "Followers asked to send again: Redis was away")
STEPS = Counter("bida_steps", "Steps of conversations that workers took", ["result"])
BRAIN = Counter("bida_brain_turns", "Turns asked of the brain by result", ["result"])
BRAIN_SECONDS = Histogram(
    "bida_brain_seconds",
    "Time of the brain's turns",
    buckets=(0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15),
)
SENDS = Counter("bida_sends", "Customer-service messages by result", ["result"])
TOKENS = Counter("bida_token_fetches", "Access tokens asked of WeChat", ["result"])
WAITING = Gauge("bida_waiting", "Followers who wait for a person")
