"""A member's points."""

from datetime import date

import pytest

from bot.members import Member
from tests.actions.conftest import Register, Talk


async def test_a_bound_member_is_told_their_points(talk: Talk, register: Register) -> None:
    register.members["follower"] = Member("林女士", 1280, 200, date(2027, 3, 31))
    reply = await talk.say("我有多少积分", "membership_points_balance")
    assert reply["name"] == "utter_points_balance"
    for words in ("林女士", "1,280", "200", "2027年3月31日"):
        assert words in reply["text"]


async def test_nobody_bound_is_told_how_to_bind(talk: Talk) -> None:
    reply = await talk.say("查积分", "membership_points_balance")
    assert reply["name"] == "utter_points_not_bound"


@pytest.mark.parametrize(
    "text",
    [
        "想抵50块得攒多少分",
        "do i lose my points then",
        "how many points do I need to redeem a gift",
    ],
)
async def test_what_points_are_worth_is_a_rule(talk: Talk, text: str) -> None:
    reply = await talk.say(text, "membership_points_balance")
    assert reply["name"] == "utter_points_rules"


async def test_who_was_told_so_and_asks_on_gets_the_rules(talk: Talk) -> None:
    await talk.say("积分在哪看", "membership_points_balance")
    reply = await talk.say("昨天买的还没算进去", "membership_points_balance")
    assert reply["name"] == "utter_points_rules"


async def test_who_has_bound_meanwhile_is_told_their_points(talk: Talk, register: Register) -> None:
    await talk.say("查积分", "membership_points_balance")
    register.members["follower"] = Member("林", 1200, 300, None)
    reply = await talk.say("绑好了，我有多少积分", "membership_points_balance")
    assert reply["name"] == "utter_points_balance"


async def test_a_register_that_is_down_brings_a_person(talk: Talk, register: Register) -> None:
    register.is_down = True
    reply = await talk.say("查积分", "membership_points_balance")
    assert reply["name"] == "utter_points_unavailable"
    assert reply["hand_over"] == "points_unavailable"


@pytest.mark.parametrize(
    "text",
    ["积分怎么攒", "積分有效期多久", "积分可以换什么", "积分会过期吗", "how do I earn points?"],
)
async def test_questions_on_points_get_the_rules(talk: Talk, text: str) -> None:
    reply = await talk.say(text, "membership_points_balance")
    assert reply["name"] == "utter_points_rules"


@pytest.mark.parametrize(
    "text", ["我的积分还有多少会过期", "帮我查下积分", "how many points do I have", "積分餘額"]
)
async def test_questions_on_ones_own_points_do_not(talk: Talk, text: str) -> None:
    reply = await talk.say(text, "membership_points_balance")
    assert reply["name"] == "utter_points_not_bound"


@pytest.mark.parametrize(
    ("text", "parts"),
    [("3000分能抵多少钱", ("3,000", "30")), ("我有两千五百积分，换成钱是多少", ("2,500", "25"))],
)
async def test_what_points_are_worth_is_reckoned(
    talk: Talk, text: str, parts: tuple[str, ...]
) -> None:
    reply = await talk.say(text, "membership_points_balance")
    assert reply["name"] == "utter_points_worth"
    assert all(part in reply["text"] for part in parts)


@pytest.mark.parametrize(
    "text", ["万分感谢，积分怎么换", "千分之一能抵吗", "十分值得", "百分之几能抵"]
)
async def test_what_only_looks_like_points_gets_the_rules(talk: Talk, text: str) -> None:
    assert (await talk.say(text, "membership_points_balance"))["name"] == "utter_points_rules"


async def test_large_sums_of_points_are_reckoned(talk: Talk) -> None:
    reply = await talk.say("1万积分值多少钱", "membership_points_balance")
    assert "10,000" in reply["text"]


async def test_who_is_not_bound_is_told_when_points_end(talk: Talk) -> None:
    reply = await talk.say("我的积分年底是不是要清零了", "membership_points_balance")
    assert reply["name"] == "utter_points_rules"


async def test_a_sum_that_is_put_to_us_is_confirmed(talk: Talk) -> None:
    reply = await talk.say("那我3万分就是300咯", "membership_points_balance")
    assert (reply["name"], "300" in reply["text"]) == ("utter_points_worth", True)
