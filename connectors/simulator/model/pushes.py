"""What WeChat tells the account's server: messages and events of followers."""

from dataclasses import dataclass
from typing import TypeAlias

Value: TypeAlias = "str | int | tuple[tuple[str, Value], ...]"
Fields: TypeAlias = tuple[tuple[str, Value], ...]

ANSWERABLE_EVENTS = frozenset({"subscribe", "SCAN", "CLICK", "scancode_waitmsg"})
"""Events whose passive reply the follower sees; to the others only ``success`` makes sense."""


@dataclass(frozen=True)
class Push:
    """One message or event. ``id`` is the simulator's own; ``summary`` says in short what it is, for the journal."""

    id: str
    openid: str
    created_at: int
    fields: Fields
    summary: str
    msg_id: str | None = None
    event: str = ""

    @property
    def is_answerable(self) -> bool:
        """Whether a passive reply is shown to the follower."""
        return not self.event or self.event in ANSWERABLE_EVENTS


def message_fields(
    original_id: str, openid: str, created_at: int, content: str, msg_id: str
) -> Fields:
    """A text message."""
    return typed_fields(original_id, openid, created_at, "text", (("Content", content),), msg_id)


def typed_fields(
    original_id: str, openid: str, created_at: int, kind: str, body: Fields, msg_id: str
) -> Fields:
    """A message of any type; ``body`` is what that type adds."""
    head = _head(original_id, openid, created_at, kind)
    return (*head, *body, ("MsgId", int(msg_id)))


def event_fields(
    original_id: str,
    openid: str,
    created_at: int,
    event: str,
    event_key: str | None,
    more: Fields = (),
) -> Fields:
    """An event with ``more`` fields of its own; ``event_key`` is left out when None."""
    fields = (*_head(original_id, openid, created_at, "event"), ("Event", event))
    return (*fields, *more) if event_key is None else (*fields, ("EventKey", event_key), *more)


def _head(original_id: str, openid: str, created_at: int, kind: str) -> Fields:
    return (
        ("ToUserName", original_id),
        ("FromUserName", openid),
        ("CreateTime", created_at),
        ("MsgType", kind),
    )
