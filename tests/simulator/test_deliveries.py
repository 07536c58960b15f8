"""Three deliveries, 5 s each (here 0.2 s), and what the follower sees in the end."""

import asyncio
from itertools import pairwise
from typing import Any

from aiohttp import web

from connectors.simulator.client import Simulator
from connectors.simulator.model.lines import FAILURE_LINE
from tests.simulator.conftest import Callback, StartSimulator

LIMIT = 0.2


async def test_a_reply_in_time_is_shown_after_one_delivery(
    simulator: Simulator, callback: Callback
) -> None:
    callback.says("欢迎")
    phone = await simulator.new_phone()
    await phone.follow()
    line = await phone.wait_for("欢迎")
    assert (line["way"], line["kind"]) == ("passive", "text")
    assert [m["Event"] for m in callback.messages] == ["subscribe"]


async def test_a_late_callback_is_asked_three_times_with_the_same_message(
    simulator: Simulator, callback: Callback
) -> None:
    async def late(message: dict[str, Any]) -> web.Response:
        await asyncio.sleep(2 * LIMIT)
        return web.Response(text="success")

    callback.answer = late
    phone = await simulator.new_phone()
    await phone.follow()
    line = await phone.wait_for(FAILURE_LINE, side="system", seconds=3)
    assert line["kind"] == "failure"
    assert len(callback.messages) == 3
    assert len({m["CreateTime"] for m in callback.messages}) == 1
    assert len({query["nonce"] for query, _ in callback.requests}) == 3


async def test_deliveries_keep_the_msgid_and_their_distance(
    simulator: Simulator, callback: Callback
) -> None:
    async def broken(message: dict[str, Any]) -> web.Response:
        return web.Response(status=500)

    phone = await simulator.new_phone()
    await phone.follow(wait=True)
    callback.answer = broken
    said = await phone.say("在吗")
    await phone.wait_for(FAILURE_LINE, side="system", seconds=3)
    assert [m["MsgId"] for m in callback.messages[1:]] == [said["msg_id"]] * 3
    entries = await simulator.log("delivery")
    times = [entry["at"] for entry in entries if entry["push"] == said["push"]]
    assert all(later - earlier > LIMIT * 0.9 for earlier, later in pairwise(times))


async def test_a_good_answer_to_the_third_delivery_is_enough(
    simulator: Simulator, callback: Callback
) -> None:
    async def third_time(message: dict[str, Any]) -> web.Response:
        if len(callback.messages) < 3:
            await asyncio.sleep(2 * LIMIT)
        return callback.sealed(message, "抱歉让您久等")

    callback.answer = third_time
    phone = await simulator.new_phone()
    await phone.follow()
    await phone.wait_for("久等", seconds=3)
    assert [line["kind"] for line in await phone.transcript()] == ["follow", "text"]


async def test_a_refused_connection_ends_in_the_failure_line(start: StartSimulator) -> None:
    simulator = await start(simulator_callback_url="http://127.0.0.1:1/wechat")
    phone = await simulator.new_phone()
    await phone.follow()
    await phone.wait_for(FAILURE_LINE, side="system", seconds=3)
    assert len(await simulator.log("delivery")) == 3
    assert len(await simulator.log("failed")) == 1


async def test_a_body_that_trickles_counts_from_the_connection(
    simulator: Simulator, callback: Callback
) -> None:
    async def trickle(message: dict[str, Any]) -> web.Response:
        async def pieces() -> Any:
            for piece in (b"succ", b"ess"):
                await asyncio.sleep(LIMIT * 0.7)
                yield piece

        return web.Response(body=pieces())

    callback.answer = trickle
    phone = await simulator.new_phone()
    await phone.follow()
    await phone.wait_for(FAILURE_LINE, side="system", seconds=3)


async def test_an_answer_that_gets_lost_is_asked_for_again(
    simulator: Simulator, callback: Callback
) -> None:
    callback.says("欢迎")
    await simulator.fault("drop_answer", count=2)
    phone = await simulator.new_phone()
    await phone.follow()
    await phone.wait_for("欢迎", seconds=3)
    assert len(callback.messages) == 3


async def test_a_push_may_come_again_though_it_was_answered(
    simulator: Simulator, callback: Callback
) -> None:
    callback.says("欢迎")
    await simulator.fault("repeat_push")
    phone = await simulator.new_phone()
    await phone.follow()
    await phone.wait_for("欢迎")
    await phone.expect_silence(0.2)
    assert len(callback.messages) == 2


async def test_wechat_may_hang_up_early(simulator: Simulator, callback: Callback) -> None:
    async def slowish(message: dict[str, Any]) -> web.Response:
        await asyncio.sleep(LIMIT / 2)
        return callback.sealed(message, "欢迎")

    callback.answer = slowish
    await simulator.fault("hang_up", seconds=0.05)
    phone = await simulator.new_phone()
    await phone.follow()
    await phone.wait_for("欢迎", seconds=3)
    assert len(callback.messages) == 2


async def test_pushes_of_one_follower_do_not_wait_for_one_another(
    simulator: Simulator, callback: Callback
) -> None:
    callback.says("好")
    phone = await simulator.new_phone()
    await phone.follow(wait=True)
    await phone.wait_for("好")
    await simulator.fault("delay_push", seconds=0.1)
    await phone.say("一")
    await phone.say("二")
    await phone.wait_for("好")
    await phone.wait_for("好")
    assert [m.get("Content") for m in callback.messages[1:]] == ["二", "一"]


async def test_nothing_is_shown_to_somebody_who_left(
    simulator: Simulator, callback: Callback
) -> None:
    async def slowish(message: dict[str, Any]) -> web.Response:
        await asyncio.sleep(LIMIT / 2)
        return callback.sealed(message, "欢迎")

    callback.answer = slowish
    phone = await simulator.new_phone()
    await phone.follow()
    await phone.unfollow()
    await asyncio.sleep(LIMIT)
    assert [line["kind"] for line in await phone.transcript()] == ["follow", "unfollow"]
    assert [m["Event"] for m in callback.messages] == ["subscribe", "unsubscribe"]


async def test_the_address_check_wants_the_echo(simulator: Simulator) -> None:
    assert await simulator.verify()
