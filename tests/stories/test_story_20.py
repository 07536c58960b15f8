"""Story 20: two agents on one conversation. Of fifty who take it at once one has it, and 49 are told who."""

import asyncio
from collections import Counter
from dataclasses import replace

from bot.ledger import audit
from tests.desk.conftest import OPENID, SESSION_LIBRARY, Browser, Desk, desk, open_desk

__all__ = ["desk", "open_desk"]
pytestmark = SESSION_LIBRARY
AGENTS = 50
ONE = f"/desk/conversations/{OPENID}"


async def fifty(desk: Desk) -> list[Browser]:
    """Fifty people, each with a browser, logged in."""
    like = await desk.accounts.find("li")
    assert like
    for number in range(AGENTS):
        await desk.accounts.put(replace(like, name=f"agent{number}", shown=f"客服{number}"))
    return [await desk.browser(f"agent{number}") for number in range(AGENTS)]


async def take(browser: Browser, token: str) -> tuple[int, str]:
    headers = {"Accept": "text/plain"}
    async with browser.client.post(
        f"{ONE}/take", data={"csrf": token}, headers=headers
    ) as answered:
        return answered.status, await answered.text()


async def test_story_20_of_fifty_claims_one_wins_and_49_are_told_who(desk: Desk) -> None:
    await desk.somebody_waits()
    browsers = await fifty(desk)
    tokens = [await browser.token("/desk/me") for browser in browsers]
    answers = await asyncio.gather(*map(take, browsers, tokens))
    assert Counter(status for status, _ in answers) == {200: 1, 409: AGENTS - 1}
    winner = (await desk.parts.conversations.read(OPENID)).agent
    assert answers[int(str(winner).removeprefix("agent"))][0] == 200
    shown = str(winner).replace("agent", "客服")
    assert {told for status, told in answers if status == 409} == {f"{shown} 已经接待了这位顾客。"}
    lines = await desk.parts.conversations.transcript(OPENID)
    assert sum(each.line.kind == "taken" for each in lines) == 1
    entries = [entry async for entry in desk.parts.conversations.ledger()]
    assert audit(entries, desk.clock.now()).is_sound


async def test_story_20_the_winner_answers_and_the_others_cannot(desk: Desk) -> None:
    await desk.somebody_waits()
    browsers = (await fifty(desk))[:5]
    tokens = [await browser.token("/desk/me") for browser in browsers]
    await asyncio.gather(*map(take, browsers, tokens))
    said = await asyncio.gather(
        *(each.reply(f"我是第 {n} 个", key=f"{n:032x}") for n, each in enumerate(browsers))
    )
    assert Counter(answered.status for answered in said) == {200: 1, 409: 4}
    await desk.work()
    agents = [words for _, words in desk.postbox.sent if "为您服务" in words]
    assert len(agents) == 1
