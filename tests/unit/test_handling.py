"""What people do with a conversation, by the rules alone."""

from dataclasses import replace

from bot import handling
from bot.conversation import Conversation, Speaker
from tests.doubles import PlainNotices

NOW = 1_000.0
HELD = Conversation("a", "o", 1, speaker=Speaker.AGENT, agent="li")


def said(at: Conversation, key: str) -> Conversation:
    """The conversation after a reply."""
    return handling.reply(at, "li", "您好", PlainNotices(), NOW, key=key).conversation


def test_a_reply_that_is_known_changes_nothing_whoever_has_the_conversation_now() -> None:
    once = said(HELD, "k1")
    assert said(once, "k1") == once
    given_away = replace(once, agent="wang")
    assert said(given_away, "k1") == given_away
    assert len(said(once, "k2").outbox) == len(once.outbox) + 1


def test_the_last_replies_are_known_and_those_without_a_key_are_not() -> None:
    at = HELD
    for number in range(handling.MOST_KEYS + 5):
        at = said(at, f"k{number}")
    assert len(at.reply_keys) == handling.MOST_KEYS
    assert said(at, f"k{handling.MOST_KEYS + 4}") == at
    assert len(said(said(HELD, ""), "").outbox) == 2
