"""Whether a parcel comes in time for the day that a follower names."""

from datetime import timedelta

import pytest

from tests.actions.conftest import Talk

RANKING = {"shipping_delivery": 0.9}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("12月24号之前能寄到深圳吗", "utter_delivery_in_time"),
        ("这周六能到吗", "utter_delivery_maybe"),
        ("明天之前能收到吗", "utter_delivery_too_late"),
        ("can it arrive by the 24th of December", "utter_delivery_in_time"),
        ("周末也送吗", "utter_shipping_delivery"),
        ("多久能到", "utter_shipping_delivery"),
        ("昨天之前下的单能到吗", "utter_shipping_delivery"),
        ("明天下单，12月3号前能到吗", "utter_shipping_delivery"),
        ("I ordered on Monday, when will it arrive by", "utter_shipping_delivery"),
        ("我20号下的单什么时候能到？", "utter_shipping_delivery"),
        ("退货的钱下周五能到吗", "utter_shipping_delivery"),
        ("12月24号前能送到香港吗", "utter_shipping_delivery"),
        ("can it arrive in London by december 24?", "utter_shipping_delivery"),
        ("周六可以到店自提吗", "utter_shipping_delivery"),
        ("12月24号前能到吗，运费多少", "utter_shipping_delivery"),
        ("刻字的12月1号前能收到吗", "utter_shipping_delivery"),
        ("下周能到吗", "utter_delivery_in_time"),
        ("Can it reach us by Dec 24?", "utter_delivery_in_time"),
        ("我的订单30号前能到吗", "utter_shipping_delivery"),
        ("Will my parcel arrive by friday", "utter_shipping_delivery"),
        ("12月1号能收到发票吗", "utter_shipping_delivery"),
        ("30号能送到德国吗", "utter_shipping_delivery"),
        ("30号前能寄到拉萨吗", "utter_shipping_delivery"),
    ],
)
async def test_the_day_is_held_against_the_way(talk: Talk, text: str, name: str) -> None:
    assert (await talk.say(text, "shipping_delivery", RANKING))["name"] == name


async def test_the_days_told_begin_when_the_parcel_leaves(talk: Talk) -> None:
    before = await talk.say("12月24号前能到吗", "shipping_delivery", RANKING)
    talk.now += timedelta(hours=2)
    after = await talk.say("12月24号前能到吗", "shipping_delivery", RANKING)
    assert "11月27日到11月29日" in before["text"]
    assert "11月28日到11月30日" in after["text"]
