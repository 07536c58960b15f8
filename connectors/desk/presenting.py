"""Conversations as the desk's pages show them: plain values, ready for a template."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from bot.conversation import Conversation, Speaker
from bot.messages import Delivery, Line
from connectors.desk.words import DELIVERIES, KINDS, REASONS, pick, say
from connectors.store.conversations import Told

TROUBLED = frozenset({Delivery.HELD, Delivery.UNCERTAIN, Delivery.REFUSED})


@dataclass(frozen=True)
class Card:
    """One conversation in a list."""

    openid: str
    label: str
    reason: str
    waited: str
    since: float
    holder: str


@dataclass(frozen=True)
class Row:
    """One line of a transcript."""

    side: str
    author: str
    text: str
    time: str
    delivery: str
    is_troubled: bool
    details: str


@dataclass(frozen=True)
class Window:
    """What may still be sent to a follower: in words, and whether that is little."""

    text: str
    is_short: bool
    warning: str


def label(openid: str) -> str:
    """How a follower is called at the desk: WeChat gives no names, so the end of the openid must do."""
    return f"…{openid[-6:]}"


def card(conversation: Conversation, language: str, now: float) -> Card:
    """A conversation in a list."""
    reason = conversation.reason or ""
    return Card(
        conversation.openid,
        label(conversation.openid),
        pick(language, REASONS[reason]) if reason in REASONS else reason,
        say(language, "waited", time=duration(now - conversation.since, language)),
        conversation.since,
        conversation.agent or "",
    )


def duration(seconds: float, language: str) -> str:
    """A time span as people say it."""
    minutes = int(max(0.0, seconds) // 60)
    if minutes >= 60:
        hours, rest = divmod(minutes, 60)
        return f"{hours} 小时 {rest} 分" if language == "zh" else f"{hours} h {rest} min"
    if minutes:
        return f"{minutes} 分钟" if language == "zh" else f"{minutes} min"
    return f"{int(max(0.0, seconds))} 秒" if language == "zh" else f"{int(max(0.0, seconds))} s"


def rows(told: Iterable[Told], language: str, zone: tzinfo = UTC) -> list[Row]:
    """A transcript, oldest first."""
    return [_row(each.line, each.delivery, language, zone) for each in told]


def window(conversation: Conversation, language: str, now: float, zone: tzinfo = UTC) -> Window:
    """The allowance in words."""
    left = conversation.allowance.remaining(now)
    if not left:
        return Window(say(language, "window_closed"), True, "")
    until = datetime.fromtimestamp(conversation.allowance.until, zone).strftime("%m-%d %H:%M")
    text = f"{say(language, 'left', count=left)} · {say(language, 'window', time=until)}"
    return Window(text, left <= 1, say(language, "last_message") if left == 1 else "")


def holder(conversation: Conversation, agent: str, language: str) -> str:
    """Who has the conversation, when it is not this agent; the empty string when nobody else has."""
    if conversation.speaker is Speaker.BOT:
        return say(language, "with_bot")
    if conversation.speaker is Speaker.AGENT and conversation.agent != agent:
        return say(language, "held_by", agent=conversation.agent)
    return ""


def _row(line: Line, delivery: Delivery | None, language: str, zone: tzinfo) -> Row:
    return Row(
        line.author,
        line.details.get("agent") or say(language, line.author),
        _text(line, language),
        datetime.fromtimestamp(line.at, zone).strftime("%m-%d %H:%M"),
        pick(language, DELIVERIES[delivery]) if delivery else "",
        delivery in TROUBLED,
        _details(line),
    )


def _text(line: Line, language: str) -> str:
    if line.author == "system":
        name = "took" if line.kind == "taken" else line.kind
        return say(language, name, agent=line.details.get("agent", ""))
    kind = KINDS.get(line.kind)
    return f"{pick(language, kind)} {line.text}".strip() if kind else line.text


def _details(line: Line) -> str:
    intent = line.details.get("intent")
    return f"{intent} {line.details.get('confidence', '')}".strip() if intent else ""
