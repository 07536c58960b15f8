"""What breaks: processes die, WeChat repeats and refuses; nothing accepted is lost, and nobody is left in the dark."""

import asyncio

import aiohttp

from connectors.simulator.client import Phone, Simulator
from tests.installations import Demo

AGAIN_SECONDS = 120


async def until_the_brain_is_back(demo: Demo) -> None:
    """Wait until the installation says that all of it works again."""
    async with asyncio.timeout(AGAIN_SECONDS), aiohttp.ClientSession(demo.connector) as session:
        status = ""
        while status != "ready":
            await asyncio.sleep(0.5)
            async with session.get("/readyz") as response:
                status = (await response.json())["status"]


def texts(lines: list[dict[str, object]], side: str = "account") -> list[str]:
    """What one side said."""
    return [str(line["text"]) for line in lines if line["side"] == side]


async def test_a_repeated_push_is_answered_once(phone: Phone, simulator: Simulator) -> None:
    await simulator.fault("repeat_push", openid=phone.openid)
    await phone.say("怎么加入会员", wait=True)
    await phone.wait_for("加入", seconds=20)
    await phone.expect_silence(2)
    answers = [text for text in texts(await phone.transcript()) if "加入澜月会免费" in text]
    assert len(answers) == 1


async def test_an_answer_that_wechat_did_not_get_is_delivered_with_its_repeat(
    phone: Phone, simulator: Simulator
) -> None:
    await simulator.fault("drop_answer", openid=phone.openid)
    await phone.say("怎么加入会员")
    line = await phone.wait_for("加入", seconds=30)
    assert line["way"] == "passive"


async def test_a_dead_brain_is_admitted_and_a_person_fetched(phone: Phone, demo: Demo) -> None:
    demo.kill("brain")
    await phone.say("你们几点开门")
    line = await phone.wait_for(seconds=10)
    assert "没能答上来" in line["text"]
    assert "位" in line["text"]
    await until_the_brain_is_back(demo)
    await phone.say("取消", wait=True)
    await phone.say("怎么加入会员", wait=True)
    await phone.wait_for("加入澜月会免费", seconds=20)
    assert any("brain ended (signal SIGKILL)" in line for line in demo.said)


async def test_a_killed_connector_loses_nothing(phone: Phone, demo: Demo) -> None:
    await phone.say("怎么加入会员")
    demo.kill("connector")
    await phone.wait_for("加入", seconds=60)


async def test_a_killed_store_loses_nothing(phone: Phone, demo: Demo) -> None:
    await phone.say("怎么加入会员", wait=True)
    await phone.wait_for("加入", seconds=20)
    demo.kill("store")
    await phone.say("我的会员卡丢了")
    await phone.wait_for("会员卡", seconds=60)


async def test_a_void_token_is_fetched_anew_and_the_message_sent_once(
    phone: Phone, simulator: Simulator, demo: Demo
) -> None:
    # A killed connector's answer goes out as a customer message, which needs the token.
    await simulator.fault("void_token")
    await phone.say("怎么加入会员")
    demo.kill("connector")
    await phone.wait_for("加入", seconds=60)
    await phone.expect_silence(3)
    told = texts(await phone.transcript())
    assert len([text for text in told if "加入澜月会免费" in text]) == 1


async def test_after_all_of_it_the_ledger_is_sound(phone: Phone, demo: Demo) -> None:
    await phone.say("你好", wait=True)
    checked = demo.bida("ledger", "check", "--demo")
    assert checked.returncode == 0, checked.stdout + checked.stderr
