"""Conversations as the desk's pages show them: plain values, ready for a template."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from bot.conversation import Conversation, Speaker
from bot.desk.listing import Listed
from bot.kinds import CONTACTS
from bot.messages import Line
from bot.misses import masked
from connectors.desk.followers import address
from connectors.desk.views.times import Times
from connectors.desk.words import pick, say, tongue
from connectors.desk.words.names import KINDS, REASONS

SOON_SECONDS = 120
"""So long before a promised word a card says so in colour; afterwards in a louder one."""

HUES = 8
MESSAGES = 5
"""The most that WeChat's allowance ever holds: the meter's length."""

WINDOW_HOURS = 48
SHORT_SECONDS = 2 * 3600
"""A window that closes within so long is pointed out."""

EVENTS = CONTACTS | {"unsubscribe", "view"}
FOR_A_PERSON = frozenset(
    {
        "人工",
        "转人工",
        "轉人工",
        "人工客服",
        "转人工客服",
        "真人",
        "真人客服",
        "客服",
        "human",
        "agent",
    }
)
"""What is typed for a person while one waits, when no brain is asked what it means."""

FAULTS = frozenset({"brain_error", "brain_slow"})


@dataclass(frozen=True)
class Face:
    """How a follower is told from the others: WeChat gives no names, so a colour and the openid's end must do."""

    label: str
    letters: str
    hue: int


@dataclass(frozen=True)
class Reason:
    """Why a follower is with people: in words, and of which kind (``asked``, ``unsure`` or ``fault``)."""

    text: str
    kind: str


@dataclass(frozen=True)
class Card:
    """One conversation in a list. ``words`` are the follower's last; ``holder`` is the colleague who has it.

    ``openid`` is the follower's address at the desk; ``account`` is named where there are several. ``due`` says how
    long there is until the word that was promised. ``is_for_viewer``: who looks may take it.
    """

    openid: str
    face: Face
    reason: Reason
    waited: str
    due: str
    urgency: str
    words: str
    holder: str
    needs_reply: bool
    is_vip: bool = False
    team: str = ""
    city: str = ""
    language: str = ""
    account: str = ""
    is_for_viewer: bool = True


@dataclass(frozen=True)
class Offer:
    """A card that is offered to the agent, for so many more ``seconds`` to nobody else."""

    card: Card
    seconds: int


@dataclass(frozen=True)
class Window:
    """What may still be sent to a follower: messages as a row of ``dots``, the time as hours of 48.

    ``closed`` says in a word why nothing may.
    """

    dots: tuple[bool, ...]
    left: int
    until: str
    hours: float
    is_short: bool
    warning: str
    closed: str = ""


def face(openid: str) -> Face:
    """A follower's look; the same everywhere and for ever."""
    hue = hashlib.sha256(openid.encode()).digest()[0] % HUES
    return Face(f"…{openid[-6:]}", openid[-2:], hue)


def reason(name: str | None, language: str) -> Reason:
    """Why the follower is with people; trainers' own reasons are shown as they are written."""
    name = name or ""
    text = pick(language, REASONS[name]) if name in REASONS else name
    kind = "asked" if name == "asked_for_human" else "fault" if name in FAULTS else "unsure"
    return Reason(text, kind)


@dataclass(frozen=True)
class Surroundings:
    """What a card names beside the conversation: the moment, and what agents, teams and cities are called.

    ``may_take`` tells whether who looks may take it.
    """

    times: Times
    agents: Mapping[str, str]
    teams: Mapping[str, str] = field(default_factory=dict)
    cities: Mapping[str, str] = field(default_factory=dict)
    may_take: Callable[[Listed], bool] = lambda _: True


def card(listed: Listed, lines: Iterable[Line], around: Surroundings, account: str = "") -> Card:
    """A conversation in a list; ``lines`` are the transcript's last ones."""
    times = around.times
    waited = waiting_seconds(listed, times.now)
    return Card(
        openid=address(account, listed.openid),
        face=face(listed.openid),
        reason=reason(listed.reason, times.language),
        waited=times.span(waited) if waited is not None else "",
        due=due(listed, times),
        urgency=urgency(listed, times.now),
        words=_last_words(lines, times.language),
        holder=around.agents.get(listed.agent, listed.agent),
        needs_reply=waited is not None,
        is_vip=listed.is_vip,
        team=around.teams.get(listed.team, ""),
        city=around.cities.get(listed.city, listed.city),
        language=_unlike(listed.language, times.language),
        account=account,
        is_for_viewer=around.may_take(listed),
    )


def _unlike(code: str, language: str) -> str:
    """What a follower's language is called, where it is not the usual one."""
    return "" if code.startswith("zh-Hans") or not code else tongue(language, code)


def waiting_seconds(listed: Listed, now: float) -> float | None:
    """How long the follower has waited for a person's word; None while it is the follower's turn.

    With an agent it runs from the first message that is not answered yet, so that asking again does not reset it.
    """
    if listed.is_waiting:
        return now - (listed.unanswered_since or listed.since)
    return now - listed.unanswered_since if listed.unanswered_since else None


def due(listed: Listed, times: Times) -> str:
    """How long there is until the promised word, or how long it has been owed."""
    if not listed.due_at:
        return ""
    left = listed.due_at - times.now
    name = "due_in" if left >= 0 else "overdue_by"
    return say(times.language, name, time=times.span(abs(left)))


def urgency(listed: Listed, now: float) -> str:
    """The colour of a card: nothing, ``is-late`` shortly before the promised moment, ``is-overdue`` after it."""
    if not listed.due_at or listed.due_at - now > SOON_SECONDS:
        return ""
    return "is-late" if listed.due_at >= now else "is-overdue"


def window(conversation: Conversation, times: Times) -> Window:
    """The allowance as the meter shows it."""
    left, language = conversation.allowance.remaining(times.now), times.language
    # WeChat has refused this very follower: what is left of the allowance is of no use before the next contact.
    why = "window_over" if not left else "unreachable" if conversation.unreachable else ""
    if why:
        explained = say(language, f"{why}_explained")
        return Window((False,) * MESSAGES, 0, "", 0, True, explained, say(language, why))
    seconds = conversation.allowance.until - times.now
    return Window(
        tuple(number < left for number in range(MESSAGES)),
        left,
        times.moment(conversation.allowance.until),
        min(WINDOW_HOURS, seconds / 3600),
        left == 1 or seconds < SHORT_SECONDS,
        say(language, "last_message") if left == 1 else "",
    )


def state(conversation: Conversation, agent: str, times: Times, names: Mapping[str, str]) -> str:
    """Who has the conversation, in words."""
    language, since = times.language, times.span(times.now - conversation.since)
    if conversation.speaker is Speaker.WAITING:
        return say(language, "waited", time=since)
    if conversation.speaker is Speaker.BOT:
        return say(language, "with_bot")
    if conversation.agent == agent:
        return say(language, "you_hold", time=since)
    holder = conversation.agent or ""
    return say(language, "held_by", agent=names.get(holder, holder), time=since)


def spoken(line: Line, language: str) -> str:
    """A line's words; what is no text is named."""
    kind = KINDS.get(line.kind)
    return f"{pick(language, kind)} {line.text}".strip() if kind else line.text


def _last_words(lines: Iterable[Line], language: str) -> str:
    """What the follower wants: the last words that are more than the wish for a person."""
    said = [line for line in lines if line.author == "follower"]
    telling = [line for line in said if line.kind not in EVENTS and not _asks_for_person(line)]
    chosen = (telling or said)[-1:]
    # A list is read over many shoulders: what tells who somebody is stands in the conversation alone.
    return masked(" ".join(spoken(line, language) for line in chosen))


def _asks_for_person(line: Line) -> bool:
    return line.details.get("intent") == "human_agent" or line.text.strip().lower() in FOR_A_PERSON
