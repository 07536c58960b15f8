"""The brain's answer that comes when its question has gone to people: a proposal for whoever takes it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from bot.conversation import Conversation, Reason, Speaker
from bot.messages import Inbound
from bot.spoken import Spoken
from bot.turn import Turn
from connectors.rasa import RasaBrain
from connectors.store.late import LateAnswers
from tests.desk.conftest import OPENID, SESSION_LIBRARY, Browser, Desk
from tests.doubles import answer, text
from tests.stories.test_story_35 import everything_in

pytestmark = SESSION_LIBRARY
ONE = f"/desk/conversations/{OPENID}"
WORDS, LATE = "上海店几点关门", "上海恒月广场店今天开到 22:00"
SUGGESTED = 'class="suggestion is-late"'


@dataclass
class SlowBrain:
    """Answers when it is let, in the channel's words."""

    kind: str = "answer"
    hand_over: str | None = None
    may_answer: asyncio.Event = field(default_factory=asyncio.Event)

    async def receive(self, request: web.Request) -> web.Response:
        reply = {"name": "utter_store_hours", "kind": self.kind, "text": LATE, "choices": []}
        nlu = {"intent": {"name": "store_hours", "confidence": 0.9}, "ranking": [], "entities": []}
        await self.may_answer.wait()
        told = {"status": "ok", "language": "zh-Hans", "nlu": nlu}
        return web.json_response(told | {"replies": [reply | {"hand_over": self.hand_over}]})


@dataclass
class House:
    """The desk with a slow brain behind it."""

    desk: Desk
    slow: SlowBrain
    brain: RasaBrain
    kept: list[str] = field(default_factory=list)

    async def ask(self, key: str = "1") -> Conversation:
        """The follower asks, and the brain is too slow."""
        account = self.desk.parts.settings.wechat_app_id
        await self.desk.receive(replace(text(WORDS, key=key), account=account))
        return await self.desk.parts.conversations.read(OPENID)

    async def answer(self) -> None:
        """The brain comes round, and what it says has been taken in."""
        known = len(self.kept)
        self.slow.may_answer.set()
        async with asyncio.timeout(10):
            while len(self.kept) == known:
                await asyncio.sleep(0.01)

    async def suggested(self, browser: Browser) -> str:
        """The suggestions that an agent is shown."""
        return (await browser.get(f"{ONE}/suggestions"))[1]


@pytest.fixture
async def house(desk: Desk) -> AsyncIterator[House]:
    slow = SlowBrain()
    app = web.Application()
    app.add_routes([web.post("/webhooks/bida/webhook", slow.receive)])
    async with TestServer(app) as server, ClientSession() as session:
        late = LateAnswers(desk.parts.connection)
        brain = RasaBrain(session, lambda: [str(server.make_url("")).rstrip("/")], 0.05)
        house = House(desk, slow, brain)

        async def keep(message: Inbound, turn: Turn) -> None:
            await late.keep(message, turn)
            house.kept.append(message.key)

        brain.late = keep
        desk.parts = replace(desk.parts, engine=replace(desk.parts.engine, brain=brain))
        yield house
        slow.may_answer.set()
        await brain.close()


async def test_a_late_answer_is_the_first_suggestion_and_marked(house: House) -> None:
    conversation = await house.ask()
    assert (conversation.speaker, conversation.reason) == (Speaker.WAITING, Reason.BRAIN_SLOW)
    li = await house.desk.browser("li")
    await li.post(f"{ONE}/take")
    assert LATE not in await house.suggested(li)
    _, before = await li.get(f"{ONE}/thread")
    await house.answer()
    html = await house.suggested(li)
    assert html.index(SUGGESTED) == html.index('class="suggestion')
    assert f'data-text="{LATE}"' in html
    assert "机器人迟到的回答" in html
    # The page that is open asks for its suggestions anew.
    assert last(before) != last((await li.get(f"{ONE}/thread"))[1])
    # The follower is told nothing by it.
    assert LATE not in str(house.desk.postbox.sent)


def last(html: str) -> str:
    """For which words a page has asked for suggestions."""
    return html.split('data-last="')[1].split('"')[0]


async def test_it_is_of_no_use_once_a_person_has_answered_but_again_when_that_is_taken_back(
    house: House,
) -> None:
    await house.ask()
    li = await house.desk.browser("li")
    await li.post(f"{ONE}/take")
    await house.answer()
    await li.reply("十点关门。", key="a" * 32)
    assert LATE not in await house.suggested(li)
    await li.post(f"{ONE}/undo", key="a" * 32)
    assert LATE in await house.suggested(li)


@pytest.mark.parametrize(
    ("kind", "hand_over"), [("clarify", None), ("fallback", "unsure"), ("answer", "needs_person")]
)
async def test_what_answers_nothing_is_not_suggested(
    house: House, kind: str, hand_over: str | None
) -> None:
    house.slow.kind, house.slow.hand_over = kind, hand_over
    await house.ask()
    await house.answer()
    li = await house.desk.browser("li")
    await li.post(f"{ONE}/take")
    assert LATE not in await house.suggested(li)


@pytest.mark.parametrize("is_kept_before", [True, False])
async def test_it_is_forgotten_with_its_follower_and_never_kept_afterwards(
    house: House, is_kept_before: bool
) -> None:
    parts = house.desk.parts
    await house.ask()
    if is_kept_before:
        await house.answer()
        assert LATE in await everything_in(parts.connection.redis)
    await parts.engine.forgetting.on_request(OPENID)
    if not is_kept_before:
        await house.answer()
    assert LATE not in await everything_in(parts.connection.redis)


async def test_a_brain_that_cannot_keep_up_is_let_go(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.rasa.LATE_AT_ONCE", 1)
    account = house.desk.parts.settings.wechat_app_id
    asked = [replace(text(WORDS, key=key), account=account) for key in "123"]
    turns = await asyncio.gather(*(house.brain.ask(message) for message in asked))
    assert [turn.trouble for turn in turns] == [Reason.BRAIN_SLOW] * 3
    await house.answer()
    await house.brain.close()
    assert len(house.kept) == 1


async def test_closing_waits_for_no_late_answer(house: House) -> None:
    await house.ask()
    await house.brain.close()
    house.slow.may_answer.set()
    assert house.kept == []


def test_only_answers_answer() -> None:
    asks = Spoken("utter_ask_city", "question", "请问是哪个城市？")
    assert answer("十点").answer == "十点"
    assert replace(answer("十点"), replies=(*answer("十点").replies, asks)).answer == (
        "十点\n\n请问是哪个城市？"
    )
    assert Turn((asks,)).answer == ""
    assert Turn(trouble=Reason.BRAIN_SLOW).answer == ""
