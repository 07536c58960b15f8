"""The scripted API: followers, menu, clock, faults, the CRM."""

import asyncio
from typing import Any

import pytest
from redis.asyncio import Redis

from connectors.simulator.client import NotSeen, Refused, Simulator
from connectors.store.clock import SimulatedClock
from tests.simulator.conftest import Callback, StartSimulator


def messages(callback: Callback, name: str) -> list[Any]:
    return [message.get(name) for message in callback.messages]


async def test_a_new_person_has_an_openid_of_28_characters_and_no_allowance(
    simulator: Simulator,
) -> None:
    phone = await simulator.new_phone("Ming")
    state = await phone.state()
    assert len(phone.openid) == 28
    assert (state["label"], state["state"], state["remaining"]) == ("Ming", "new", 0)


async def test_the_same_seed_makes_the_same_people(start: StartSimulator) -> None:
    one, two = await start(), await start()
    assert (await one.new_phone()).openid == (await two.new_phone()).openid


async def test_only_followers_can_do_anything(simulator: Simulator) -> None:
    phone = await simulator.new_phone()
    for doing in (phone.say("在吗"), phone.tap("x"), phone.menu("human"), phone.unfollow()):
        with pytest.raises(Refused, match="does not follow"):
            await doing
    await phone.follow()
    with pytest.raises(Refused, match="already"):
        await phone.follow()
    with pytest.raises(Refused, match="empty"):
        await phone.say("  ")
    with pytest.raises(Refused, match="nothing to tap"):
        await phone.tap("转人工")
    with pytest.raises(Refused, match="no menu button"):
        await phone.menu("nothing")


async def test_requests_that_make_no_sense_are_explained(simulator: Simulator) -> None:
    with pytest.raises(Refused, match="no follower oNobody"):
        await simulator.post("/followers/oNobody/follow")
    with pytest.raises(Refused, match="text is missing"):
        await simulator.post(f"/followers/{(await simulator.new_phone()).openid}/say")
    with pytest.raises(Refused, match="a fault is one of"):
        await simulator.fault("earthquake")
    with pytest.raises(Refused, match="the clock wants"):
        await simulator.post("/clock")
    with pytest.raises(Refused, match="a member has"):
        await (await simulator.new_phone()).bind(shoe_size=38)


async def test_links_can_be_tapped_like_choices(simulator: Simulator, callback: Callback) -> None:
    href = "weixin://bizmsgmenu?msgmenucontent=想挑 &amp; 送礼物&msgmenuid=act:gift"
    callback.says(
        f'看看：<a href="{href}">想挑 &amp; 送礼物</a>，<a href="https://x.example/">官网</a>'
    )
    phone = await simulator.new_phone()
    await phone.follow()
    line = await phone.wait_for()
    assert line["text"] == "看看：想挑 & 送礼物，官网"
    assert line["choices"] == [{"id": "act:gift", "content": "想挑 & 送礼物"}]
    await phone.tap("act:gift")
    await phone.wait_for()
    assert messages(callback, "Content")[1:] == ["想挑 & 送礼物"]
    assert messages(callback, "bizmsgmenuid")[1:] == ["act:gift"]
    assert (await phone.state())["remaining"] == 3


async def test_menu_taps_are_events_and_only_some_grant(
    simulator: Simulator, callback: Callback
) -> None:
    phone = await simulator.new_phone()
    await phone.follow()
    await simulator.advance(60)
    await phone.menu("官网", wait=True)
    assert (await phone.state())["remaining"] == 0
    await phone.menu("Points", wait=True)
    assert (await phone.state())["remaining"] == 3
    assert messages(callback, "Event") == ["subscribe", "VIEW", "CLICK"]
    assert messages(callback, "EventKey")[1:] == ["https://shop.example/", "points"]


async def test_a_reply_to_an_event_without_answer_is_not_shown(
    simulator: Simulator, callback: Callback
) -> None:
    callback.says("欢迎")
    phone = await simulator.new_phone()
    await phone.follow()
    await phone.wait_for("欢迎")
    await phone.menu("官网", wait=True)
    await phone.expect_silence(0.05)


async def test_waiting_ends_with_the_transcript_when_nothing_comes(simulator: Simulator) -> None:
    phone = await simulator.new_phone()
    await phone.follow()
    with pytest.raises(NotSeen, match="follow"):
        await phone.wait_for("您好", seconds=0.1)


async def test_a_forgery_takes_the_place_of_a_message_and_leaves_no_trace(
    simulator: Simulator, callback: Callback
) -> None:
    phone = await simulator.new_phone()
    await phone.follow(wait=True)
    await simulator.fault("stale_timestamp", openid=phone.openid)
    forged = await phone.say("假的")
    assert (forged["status"], forged["body"]) == (200, "success")
    await phone.say("真的", wait=True)
    assert [line["text"] for line in await phone.transcript()] == ["", "真的"]
    assert [entry["verdict"] for entry in await simulator.log("delivery")][1] == "forged"


async def test_faults_are_counted_and_can_be_cleared(simulator: Simulator) -> None:
    await simulator.fault("always_40001", count=None)
    assert (await simulator.get("/faults"))["active"][0]["count"] is None
    await simulator.clear_faults()
    assert (await simulator.get("/faults"))["active"] == []


async def test_a_bound_member_is_known_to_the_crm(simulator: Simulator) -> None:
    phone = await simulator.new_phone()
    url = f"{simulator.url}/crm/members/{phone.openid}"
    async with simulator.session.get(url) as response:
        assert response.status == 404
    await phone.bind(points=1200)
    async with simulator.session.get(url) as response:
        member = await response.json()
    assert set(member) == {"name", "tier", "points", "expiring", "expires_on"}
    assert member["points"] == 1200
    await simulator.fault("crm_down")
    async with simulator.session.get(url) as response:
        assert response.status == 503


async def test_a_moved_clock_is_shared_through_redis(start: StartSimulator, store_url: str) -> None:
    redis = Redis.from_url(store_url, decode_responses=True)
    await redis.delete("bida:clock:offset")
    other = SimulatedClock(redis)
    simulator = await start(redis_url=store_url)
    await other.open()
    await simulator.advance(3600)
    await asyncio.sleep(0.1)
    assert abs(other.now() - await simulator.now()) < 1
    again = await start(redis_url=store_url)
    assert abs(other.now() - await again.now()) < 1
    await other.close()
    await redis.delete("bida:clock:offset")
    await redis.aclose()


async def test_the_clock_can_be_set(simulator: Simulator) -> None:
    await simulator.set_clock(1795392000)
    assert 0 <= await simulator.now() - 1795392000 < 5
