"""Pushes in strange forms, in the wrong order, broken off, replayed."""

import asyncio

import pytest

from connectors.simulator.client import Phone, Refused, Simulator
from tests.simulator.conftest import Callback, StartSimulator


@pytest.fixture
async def phone(simulator: Simulator) -> Phone:
    """A follower whose follow was delivered."""
    phone = await simulator.new_phone()
    await phone.follow(wait=True)
    return phone


async def test_the_time_may_stand_in_cdata(
    simulator: Simulator, phone: Phone, callback: Callback
) -> None:
    await simulator.fault("cdata_time")
    await phone.say("在吗", wait=True)
    assert "<CreateTime><![CDATA[" in callback.opened(*callback.requests[-1])


async def test_a_message_may_lack_its_id_and_is_still_answered(
    simulator: Simulator, phone: Phone, callback: Callback
) -> None:
    callback.says("好的")
    await simulator.fault("no_msgid", openid=phone.openid)
    await phone.say("在吗", wait=True)
    assert "MsgId" not in callback.messages[-1]
    await phone.wait_for("好的")


@pytest.mark.parametrize(("fault", "key"), [("empty_event_key", None), ("no_event_key", "absent")])
async def test_an_events_key_may_be_empty_or_missing(
    simulator: Simulator, phone: Phone, callback: Callback, fault: str, key: str | None
) -> None:
    await simulator.fault(fault)
    await phone.say("这不是事件", wait=True)
    await phone.menu("human", wait=True)
    assert callback.messages[-1].get("EventKey", "absent") == key


async def test_a_follow_may_come_from_a_payment(simulator: Simulator, callback: Callback) -> None:
    await simulator.fault("last_trade_no")
    phone = await simulator.new_phone()
    await phone.follow(wait=True)
    assert callback.messages[-1]["EventKey"].startswith("last_trade_no_")


@pytest.mark.parametrize(("fault", "told"), [("tap_without_id", "absent"), ("tap_id_zero", "0")])
async def test_a_tap_may_lose_its_id(
    simulator: Simulator, phone: Phone, callback: Callback, fault: str, told: str
) -> None:
    callback.says('<a href="weixin://bizmsgmenu?msgmenucontent=转人工&msgmenuid=7">转人工</a>')
    await simulator.fault(fault)
    await phone.say("你好", wait=True)
    await phone.tap("转人工", wait=True)
    assert callback.messages[-1].get("bizmsgmenuid", "absent") == told


async def test_a_push_can_be_overtaken(
    simulator: Simulator, phone: Phone, callback: Callback
) -> None:
    await simulator.fault("reorder_push", openid=phone.openid)
    await phone.say("一")
    await phone.say("二", wait=True)
    async with asyncio.timeout(3):
        while len(callback.messages) < 3:
            await asyncio.sleep(0.01)
    assert [m["Content"] for m in callback.messages[1:]] == ["二", "一"]


async def test_a_push_that_nothing_overtakes_comes_in_the_end(
    simulator: Simulator, phone: Phone, callback: Callback
) -> None:
    await simulator.fault("reorder_push", seconds=0.05)
    await phone.say("一", wait=True)
    assert callback.messages[-1]["Content"] == "一"


async def test_a_push_that_breaks_off_is_delivered_again(
    simulator: Simulator, phone: Phone, callback: Callback
) -> None:
    callback.says("好的")
    await simulator.fault("cut_push")
    await phone.say("在吗", wait=True)
    await phone.wait_for("好的")
    reasons = [entry["reason"] for entry in await simulator.log("delivery")]
    assert reasons == ["", "no connection: ClientConnectionError", ""]
    assert [m.get("Content") for m in callback.messages] == [None, "在吗"]


async def test_a_slow_push_counts_from_its_connection(
    simulator: Simulator, phone: Phone, callback: Callback
) -> None:
    await simulator.fault("slow_push", seconds=2)
    await simulator.fault("slow_push", seconds=0.1)
    await phone.say("在吗", wait=True)
    entries = (await simulator.log("delivery"))[1:]
    assert [entry["verdict"] for entry in entries] == ["abnormal", "nothing"]
    assert entries[1]["seconds"] >= 0.1
    assert [m.get("Content") for m in callback.messages] == [None, "在吗"]


async def test_a_replay_is_the_same_request_again(
    simulator: Simulator, phone: Phone, callback: Callback
) -> None:
    await phone.say("在吗", wait=True)
    await phone.forge("replayed")
    assert callback.requests[-1] == callback.requests[-2]


async def test_a_replay_may_bring_another_body_under_the_old_signature(
    start: StartSimulator, callback: Callback
) -> None:
    simulator = await start(wechat_mode="plain")
    phone = await simulator.new_phone()
    await phone.follow(wait=True)
    await phone.forge("replayed_with_other_body", text="别的话")
    (first, _), (second, body) = callback.requests
    assert first == second
    assert "别的话" in body


async def test_nothing_can_be_replayed_before_something_was_sent(simulator: Simulator) -> None:
    phone = await simulator.new_phone()
    with pytest.raises(Refused, match="replayed"):
        await phone.forge("replayed")
