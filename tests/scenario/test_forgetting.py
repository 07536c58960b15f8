"""Story 35 in a whole installation: no key, no file and no log of any process tells of a forgotten follower."""

import asyncio
from pathlib import Path

from redis.asyncio import Redis

from connectors.simulator.client import Phone, Simulator
from connectors.store.embedded import running_store
from tests.installations import Demo
from tests.stories.test_story_35 import everything_in, files_with

WORDS = "翠柳弄九百九十一号"


async def everything(demo: Demo) -> str:
    """All keys of the demo's store with all that they hold."""
    url = running_store(demo.var / "store")
    assert url
    async with Redis.from_url(url, decode_responses=True) as redis:
        return await everything_in(redis)


async def without(demo: Demo, told: str) -> None:
    """Wait until the store no longer holds a text."""
    while told in await everything(demo):
        await asyncio.sleep(0.2)


async def test_story_35_a_whole_installation_forgets(
    simulator: Simulator, phone: Phone, demo: Demo, tmp_path: Path
) -> None:
    await phone.say(f"我住在{WORDS}，上海店周末几点关门？")
    await phone.wait_for("上海恒月广场店", seconds=20)
    await phone.say("转人工")
    await phone.wait_for("位", seconds=20)
    await phone.say(f"我住在{WORDS}")
    await phone.wait_for("取消", seconds=20)
    assert WORDS in await everything(demo)

    kept = demo.bida("backup", str(tmp_path / "b.tar.gz"), "--demo")
    assert kept.returncode == 0, kept.stderr
    refused = demo.bida("restore", str(tmp_path / "b.tar.gz"), "--demo")
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert "empty store only" in refused.stderr or "empty MEDIA_DIR only" in refused.stderr
    repaired = demo.bida("repair", "--demo")
    assert repaired.returncode == 0, repaired.stderr

    gone = demo.bida("forget", phone.openid, "--demo")
    assert gone.returncode == 0, gone.stderr
    await simulator.advance(61)
    await without(demo, phone.openid)
    assert WORDS not in await everything(demo)
    await simulator.advance(1800)
    await without(demo, ":unwritten")
    await without(demo, ":rewriting")
    for told in (phone.openid, WORDS):
        assert files_with(demo.var, told) == []
    checked = demo.bida("ledger", "check", "--demo")
    assert "undeliverable(forgotten)" in checked.stdout
