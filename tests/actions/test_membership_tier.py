"""The tier that a sum makes."""

import pytest

from tests.actions.conftest import Talk


@pytest.mark.parametrize(
    ("text", "name", "parts"),
    [
        (
            "我今年花了三千八左右 现在算什么会员",
            "utter_tier_reached",
            ("3,800", "新月", "1,200", "弦月"),
        ),
        ("累计消费5000了是哪级", "utter_tier_reached", ("5,000", "弦月", "25,000", "满月")),
        ("一共买了三万六，算什么级别", "utter_top_tier_reached", ("36,000", "满月")),
        ("怎么升级", "utter_membership_tier_upgrade", ()),
        ("花了三万了为什么还没升", "utter_membership_tier_upgrade", ()),
    ],
)
async def test_a_sum_makes_a_tier(talk: Talk, text: str, name: str, parts: tuple[str, ...]) -> None:
    reply = await talk.say(text, "membership_tier_upgrade", {"membership_tier_upgrade": 0.9})
    assert reply["name"] == name
    assert all(part in reply["text"] for part in parts)


async def test_a_sum_told_before_counts_for_what_is_missing(talk: Talk) -> None:
    ranking = {"membership_tier_upgrade": 0.9}
    await talk.say("我今年花了三千八", "membership_tier_upgrade", ranking)
    reply = await talk.say("那差多少能升", "membership_tier_upgrade", ranking)
    assert "1,200" in reply["text"]


async def test_a_detail_asked_after_a_sum_is_no_sum(talk: Talk) -> None:
    ranking = {"membership_tier_upgrade": 0.9}
    await talk.say("我今年花了三千八", "membership_tier_upgrade", ranking)
    reply = await talk.say("老公买的能算我的吗", "membership_tier_upgrade", ranking)
    assert reply["name"] == "utter_membership_tier_upgrade"


async def test_a_sum_that_is_missing_was_not_spent(talk: Talk) -> None:
    reply = await talk.say("差两千多，年底前买了马上升级吗", "membership_tier_upgrade")
    assert reply["name"] == "utter_membership_tier_upgrade"
