"""Which bubbles are one thought, and how long the next one is waited for."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import bubbles
from bot.bubbles import FRAGMENT_SECONDS, OPENING_SECONDS, seconds_after
from bot.change import Change, mark, open_enquiry
from bot.conversation import Conversation, claim, escalate
from bot.enquiry import Stage
from bot.messages import Inbound
from tests.doubles import SettableClock, text

NOW = SettableClock().at
BOT = Conversation("wxaccount", "oFollower")


def said(*texts: str, apart: float = 0.3) -> list[Inbound]:
    """Quick bubbles, the first of them at NOW."""
    return [
        text(each, key=str(number), received_at=NOW + number * apart)
        for number, each in enumerate(texts)
    ]


@pytest.mark.parametrize(
    "complete",
    [
        "几点关门",
        "上海店周末几点关门？",
        "有没有优惠",
        "转人工",
        "谢谢",
        "好的",
        "1",
        "我的会员卡丢了，帮我处理",
        "how much is it",
        "i lost my card",
    ],
)
def test_a_complete_sentence_does_not_wait(complete: str) -> None:
    assert seconds_after(complete) == 0.0


@pytest.mark.parametrize(
    "opening", ["你好", "在吗？", "您好！", "请问", "我想问一下", "Hi", "上海店，", "还有"]
)
def test_an_opening_waits_longest(opening: str) -> None:
    assert seconds_after(opening) == OPENING_SECONDS


@pytest.mark.parametrize("fragment", ["上海店", "周末", "那个项链", "birthday gift"])
def test_a_fragment_waits_a_moment(fragment: str) -> None:
    assert seconds_after(fragment) == FRAGMENT_SECONDS


def test_bubbles_up_to_a_complete_sentence_are_one_thought() -> None:
    waiting = said("在吗", "上海店", "几点关门", "有优惠吗")
    assert bubbles.thought(BOT, waiting, 2.0) == tuple(waiting[:3])
    assert bubbles.joined(waiting[:3]).text == "在吗\n上海店\n几点关门"
    assert bubbles.joined(waiting[:3]).key == "2"


def test_words_are_joined_as_they_were_typed_and_not_as_they_came_in() -> None:
    first, second = said("在吗", "上海店")
    assert bubbles.joined([second, first]).text == "在吗\n上海店"


def test_what_came_later_is_a_thought_of_its_own() -> None:
    waiting = said("在吗", "上海店", apart=5.0)
    assert bubbles.thought(BOT, waiting, 2.0) == (waiting[0],)


def test_pictures_are_one_album_whoever_speaks() -> None:
    album = [Inbound(str(n), "wxaccount", "oFollower", "image", NOW) for n in range(9)]
    agent = claim(escalate(BOT, "asked_for_human", NOW), "li", NOW)
    assert len(bubbles.thought(BOT, album, 0.0)) == 9
    assert len(bubbles.thought(agent, album, 0.0)) == 9


def test_nothing_waits_while_people_speak_or_where_the_bot_has_asked() -> None:
    waiting = said("上海")
    assert bubbles.pause(escalate(BOT, "asked_for_human", NOW), waiting, NOW, 2.0) == 0.0
    change, enquiry = open_enquiry(Change(BOT), NOW)
    asked = mark(change, [enquiry.id], Stage.ASKED, NOW).conversation
    assert bubbles.pause(asked, waiting, NOW, 2.0) == 0.0
    assert bubbles.pause(BOT, waiting, NOW, 2.0) > 0.0


def test_a_tap_or_an_event_does_not_wait() -> None:
    tapped = replace(said("门店")[0], choice_id="1")
    event = Inbound("e", "wxaccount", "oFollower", "event", NOW, "", "click", "shops")
    assert bubbles.pause(BOT, [tapped], NOW, 2.0) == 0.0
    assert bubbles.pause(BOT, [event], NOW, 2.0) == 0.0


@given(
    st.lists(
        st.sampled_from(["在吗", "上海店", "几点关门", "那个", "还有"]), min_size=1, max_size=12
    ),
    st.floats(0, 1),
    st.floats(0, 3),
    st.floats(0, 5),
)
def test_no_wait_ever_goes_past_the_time_limit(
    texts: list[str], apart: float, most: float, later: float
) -> None:
    waiting = said(*texts, apart=apart)
    now = waiting[-1].received_at + later
    thought = bubbles.thought(BOT, waiting, most)
    assert thought == tuple(waiting[: len(thought)])
    assert 1 <= len(thought) <= bubbles.MOST_BUBBLES
    assert now + bubbles.pause(BOT, waiting, now, most) <= max(now, NOW + most + 1e-6)
