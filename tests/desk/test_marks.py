"""What agents mark for the trainers: from the button to the file that is labelled."""

import re

from bot.misses import MARKED, Miss
from connectors.store.misses import recent_misses
from tests.desk.conftest import OPENID, SESSION_LIBRARY, Desk

pytestmark = SESSION_LIBRARY
ONE = f"/desk/conversations/{OPENID}"


async def misses(desk: Desk) -> list[Miss]:
    """All of them, however old the desk's clock makes them."""
    parts = desk.parts
    account = parts.settings.wechat_app_id
    return [each async for each in recent_misses(parts.connection.redis, account, 100_000)]


async def test_a_marked_message_reaches_the_trainers_with_the_agents_answer(desk: Desk) -> None:
    await desk.somebody_waits("拉链坏了能修吗")
    li = await desk.browser("li")
    await li.post(f"{ONE}/take")
    await li.reply("您好，寄回来就可以修。")
    _, html = await li.get(ONE)
    (moment,) = re.findall(r'name="moment" value="([^"]+)"', html)
    assert 'aria-pressed="false"' in html
    assert (await li.post(f"{ONE}/mark", moment=moment)).status == 200
    _, html = await li.get(ONE)
    assert 'aria-pressed="true"' in html
    (found,) = [miss for miss in await misses(desk) if miss.reason == MARKED]
    assert found == Miss("拉链坏了能修吗", MARKED, "store_hours", "您好，寄回来就可以修。")


async def test_a_second_press_takes_the_mark_back(desk: Desk) -> None:
    await desk.somebody_waits("拉链坏了能修吗")
    li = await desk.browser("li")
    _, html = await li.get(ONE)
    (moment,) = re.findall(r'name="moment" value="([^"]+)"', html)
    for _ in range(2):
        await li.post(f"{ONE}/mark", moment=moment)
    assert [miss for miss in await misses(desk) if miss.reason == MARKED] == []


async def test_only_what_the_follower_said_can_be_marked(desk: Desk) -> None:
    await desk.somebody_waits()
    li = await desk.browser("li")
    assert (await li.post(f"{ONE}/mark", moment="12.5")).status == 404


async def test_marks_are_forgotten_with_the_follower(desk: Desk) -> None:
    await desk.somebody_waits()
    li = await desk.browser("li")
    _, html = await li.get(ONE)
    (moment,) = re.findall(r'name="moment" value="([^"]+)"', html)
    await li.post(f"{ONE}/mark", moment=moment)
    await desk.parts.engine.forgetting.on_request(OPENID)
    assert await desk.parts.connection.redis.keys("*marks*") == []
