"""The roles of a connector process."""

ROLES = ("callback", "worker", "desk", "actions")
"""All of them run in one process by default; ``bida run --role`` starts them apart."""
