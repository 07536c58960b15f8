"""How conversations look: times, meters, stretches."""

from dataclasses import replace

import pytest

from bot.allowance import Allowance
from bot.conversation import Conversation, Speaker
from bot.desk.listing import Listed
from bot.messages import Delivery, Line
from connectors.desk.views import presenting
from connectors.desk.views.times import Times
from connectors.desk.views.transcript import stretches
from connectors.desk.words import WORDS
from connectors.desk.words.names import DELIVERIES, KINDS, REASONS
from connectors.store.conversations import Told
from tests.doubles import SettableClock

NOW = SettableClock().at
ZH, EN = Times("zh", NOW), Times("en", NOW)
WAITING = Conversation("a", "oFollower", speaker=Speaker.WAITING, reason="unsure", since=NOW)


def said(author: str, text: str, after: float = 0.0, **details: str) -> Told:
    """A line of a transcript."""
    return Told(Line(NOW + after, author, text, details=details), None)  # type: ignore[arg-type]


LISTED = Listed("oFollower", Speaker.WAITING, NOW)
AROUND = presenting.Surroundings(ZH, {})


@pytest.mark.parametrize(
    ("seconds", "zh", "en"),
    [
        (0, "不到 1 分钟", "under 1 min"),
        (-5, "不到 1 分钟", "under 1 min"),
        (60, "1 分钟", "1 min"),
        (3599, "59 分钟", "59 min"),
        (3660, "1 小时 1 分", "1 h 1 min"),
        (200_000, "2 天", "2 d"),
    ],
)
def test_spans_are_said_as_people_say_them(seconds: float, zh: str, en: str) -> None:
    assert (ZH.span(seconds), EN.span(seconds)) == (zh, en)


def test_moments_name_the_day_unless_it_is_today() -> None:
    assert ZH.moment(NOW + 60) == ZH.hour(NOW + 60)
    assert ZH.moment(NOW + 2 * 86400).startswith("周")
    assert EN.day(NOW) == "Today"


@pytest.mark.parametrize(
    ("left", "urgency", "told"),
    [
        (600, "", "还剩 10 分钟"),
        (120, "is-late", "还剩 2 分钟"),
        (0, "is-late", "还剩 不到 1 分钟"),
        (-60, "is-overdue", "超时 1 分钟"),
    ],
)
def test_a_card_grows_louder_as_the_promise_runs_out(left: float, urgency: str, told: str) -> None:
    card = presenting.card(replace(LISTED, due_at=NOW + left), [], AROUND)
    assert (card.urgency, card.due) == (urgency, told)


def test_a_card_names_team_and_city_where_they_are_known() -> None:
    around = replace(AROUND, teams={"hk": "香港店"}, cities={"paris": "巴黎"})
    card = presenting.card(replace(LISTED, team="hk", city="paris", language="en"), [], around)
    assert (card.team, card.city, card.language) == ("香港店", "巴黎", "英文")


def test_asking_again_does_not_reset_the_wait() -> None:
    held = replace(LISTED, speaker=Speaker.AGENT, agent="li")
    assert presenting.waiting_seconds(replace(held, unanswered_since=NOW - 300), NOW) == 300
    assert presenting.waiting_seconds(held, NOW) is None


def test_a_card_shows_what_the_follower_wants_rather_than_the_wish_for_a_person() -> None:
    lines = [
        Line(NOW, "follower", "", kind="subscribe"),
        Line(NOW, "follower", "拉链坏了", details={"intent": "nlu_fallback"}),
        Line(NOW, "follower", "转人工", details={"intent": "human_agent"}),
        Line(NOW, "notice", "已为您转给人工客服"),
        Line(NOW, "follower", "人工"),
    ]
    assert presenting.card(LISTED, lines, AROUND).words == "拉链坏了"
    assert presenting.card(LISTED, lines[2:4], AROUND).words == "转人工"
    picture = Line(NOW, "follower", "", kind="image")
    assert presenting.card(LISTED, [picture], AROUND).words == "[图片]"


@pytest.mark.parametrize(
    ("left", "hours", "is_short"), [(5, 40, False), (1, 40, True), (5, 1, True), (0, 40, True)]
)
def test_the_meter_points_out_what_is_short(left: int, hours: float, is_short: bool) -> None:
    allowance = Allowance(left, NOW + hours * 3600)
    window = presenting.window(replace(WAITING, allowance=allowance), ZH)
    assert (window.dots.count(True), window.is_short) == (left, is_short)


def test_one_speakers_lines_are_one_stretch() -> None:
    told = [
        said("follower", "在吗"),
        said("follower", "拉链坏了", 5),
        said("agent", "您好", 20, agent="li"),
        said("agent", "我是王芳", 30, agent="wang"),
        said("agent", "还在吗", 2000, agent="wang"),
    ]
    found = list(stretches(told, ZH, {"li": "小李", "wang": "王芳"}))
    assert [(each.author, len(each.rows)) for each in found] == [
        ("顾客", 2),
        ("小李", 1),
        ("王芳", 1),
        ("王芳", 1),
    ]
    assert [bool(each.day) for each in found] == [True, False, False, False]


def test_every_state_and_word_has_both_languages() -> None:
    assert set(DELIVERIES) == set(Delivery)
    for words in (WORDS, REASONS, DELIVERIES, KINDS):
        assert all(len(pair) == 2 and all(pair) for pair in words.values())


def test_the_meter_is_empty_while_wechat_cannot_deliver() -> None:
    allowance = Allowance(5, NOW + 40 * 3600)
    window = presenting.window(replace(WAITING, allowance=allowance, unreachable=40003), ZH)
    assert (window.left, any(window.dots), window.closed) == (0, False, "微信送不到")
    assert "下次来消息" in window.warning
