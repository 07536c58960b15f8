"""Customer messages and the token behind them, against the simulated platform."""

import asyncio
import json
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer
from pydantic import SecretStr

from bot.clock import SystemClock
from bot.messages import Bubble
from bot.ports import Refusal, Uncertain, Unsent
from connectors.metrics import SENDS
from connectors.simulator.app import create_app
from connectors.simulator.client import Phone, Simulator
from connectors.simulator.settings import SimulatorSettings
from connectors.store.connection import Connection
from connectors.wechat import api as wechat_api
from connectors.wechat.api import Api
from connectors.wechat.library import Methods
from connectors.wechat.sender import CustomerMessages
from connectors.wechat.token import SharedToken, TokenUnavailable

APP_ID, SECRET = "wx0123456789abcdef", "0" * 32


@pytest.fixture
async def simulator() -> AsyncIterator[Simulator]:
    """A platform whose pushes nobody answers: a follower can be there, and that is all."""
    settings = SimulatorSettings(
        wechat_app_id=APP_ID,
        wechat_app_secret=SecretStr(SECRET),
        wechat_token=SecretStr("token"),
        simulator_callback_url="http://127.0.0.1:9/wechat",
        simulator_deliveries=1,
    )
    async with (
        TestServer(create_app(settings)) as server,
        Simulator.at(str(server.make_url("/"))) as simulator,
    ):
        yield simulator


@pytest.fixture
async def phone(simulator: Simulator) -> Phone:
    """A follower who may be written to."""
    phone = await simulator.new_phone()
    await phone.follow(wait=True)
    await phone.say("在吗", wait=True)
    return phone


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    """Connections as the connector opens them."""
    async with ClientSession(json_serialize=partial(json.dumps, ensure_ascii=False)) as session:
        yield session


def tokens_of(
    connection: Connection, session: ClientSession, simulator: Simulator, secret: str = SECRET
) -> SharedToken:
    """One process's view of the shared token."""
    return SharedToken(connection.redis, session, simulator.url, APP_ID, secret, SystemClock())


@pytest.fixture
def sender(
    connection: Connection, session: ClientSession, simulator: Simulator
) -> CustomerMessages:
    """One process's sender."""
    api = Api(session, simulator.url, tokens_of(connection, session, simulator))
    return CustomerMessages(Methods(APP_ID, api.call), True, True, may_type=True)


async def calls(simulator: Simulator, path: str) -> int:
    """How often an address of the API was called."""
    return len([entry for entry in await simulator.log("api") if path in entry["path"]])


async def test_a_text_arrives_as_it_is(sender: CustomerMessages, phone: Phone) -> None:
    await sender.send(phone.openid, Bubble("b1", "agent", "您好 <3 👋"))
    assert (await phone.wait_for("您好"))["text"] == "您好 <3 👋"


async def test_choices_go_as_a_menu(sender: CustomerMessages, phone: Phone) -> None:
    await sender.send(phone.openid, Bubble("b1", "bot", "想问什么？", ("门店", "转人工")))
    line = await phone.wait_for("想问什么")
    assert [choice["content"] for choice in line["choices"]] == ["门店", "转人工"]


@pytest.mark.parametrize("errcode", [40200, 45098, 45099])
async def test_a_menu_that_is_refused_goes_as_text(
    sender: CustomerMessages, phone: Phone, simulator: Simulator, errcode: int
) -> None:
    await simulator.fault("send_errcode", errcode=errcode)
    await sender.send(phone.openid, Bubble("b1", "bot", "想问什么？", ("门店",)))
    assert "门店" in (await phone.wait_for("想问什么"))["text"]


@pytest.mark.parametrize(
    ("errcode", "is_final", "is_used_up"),
    [(45015, False, True), (45047, False, True), (43004, True, False), (40008, False, False)],
)
async def test_a_refusal_says_whether_a_contact_can_help(
    sender: CustomerMessages,
    phone: Phone,
    simulator: Simulator,
    errcode: int,
    is_final: bool,
    is_used_up: bool,
) -> None:
    await simulator.fault("send_errcode", errcode=errcode)
    with pytest.raises(Refusal) as refusal:
        await sender.send(phone.openid, Bubble("b1", "bot", "你好"))
    assert (refusal.value.is_final, refusal.value.is_used_up) == (is_final, is_used_up)


async def test_a_busy_platform_means_later(
    sender: CustomerMessages, phone: Phone, simulator: Simulator
) -> None:
    await simulator.fault("send_errcode", errcode=-1)
    with pytest.raises(Unsent):
        await sender.send(phone.openid, Bubble("b1", "bot", "你好"))


async def test_a_void_token_costs_one_refresh_and_one_repetition(
    sender: CustomerMessages, phone: Phone, simulator: Simulator
) -> None:
    await sender.send(phone.openid, Bubble("b1", "bot", "一"))
    await simulator.fault("void_token")
    await sender.send(phone.openid, Bubble("b2", "bot", "二"))
    assert await calls(simulator, "stable_token") == 2
    assert await calls(simulator, "custom/send") == 3


async def test_a_platform_that_always_refuses_the_token_is_asked_twice_and_no_more(
    sender: CustomerMessages, phone: Phone, simulator: Simulator
) -> None:
    await simulator.fault("always_40001", count=None)
    with pytest.raises(Unsent):
        await sender.send(phone.openid, Bubble("b1", "bot", "你好"))
    assert await calls(simulator, "custom/send") == 2
    assert await calls(simulator, "stable_token") <= 2


async def test_an_answer_that_never_comes_is_uncertain(
    sender: CustomerMessages, phone: Phone, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    await sender.send(phone.openid, Bubble("b1", "bot", "一"))
    monkeypatch.setattr(wechat_api, "TIMEOUT", wechat_api.ClientTimeout(total=0.3))
    await simulator.fault("hang_send", seconds=5, accepted=True)
    with pytest.raises(Uncertain):
        await sender.send(phone.openid, Bubble("b2", "bot", "二"))


async def test_eight_processes_fetch_one_token(
    connection: Connection, session: ClientSession, simulator: Simulator
) -> None:
    processes = [tokens_of(connection, session, simulator) for _ in range(8)]
    tokens = await asyncio.gather(*(process.token() for process in processes))
    assert len(set(tokens)) == 1
    assert await calls(simulator, "stable_token") == 1


async def test_a_wrong_secret_is_no_loop(
    connection: Connection, session: ClientSession, simulator: Simulator
) -> None:
    with pytest.raises(TokenUnavailable):
        await tokens_of(connection, session, simulator, secret="f" * 32).token()
    assert await calls(simulator, "stable_token") == 1


async def test_story_29_chinese_goes_as_it_is_and_a_refusal_with_status_200_is_read(
    connection: Connection, simulator: Simulator, phone: Phone
) -> None:
    """A client that escapes letters is refused by errcode alone: that is raised, counted, and nothing seems sent."""
    before = SENDS.labels("40033")._value.get()
    async with ClientSession() as escaping:
        api = Api(escaping, simulator.url, tokens_of(connection, escaping, simulator))
        careless = CustomerMessages(Methods(APP_ID, api.call), True, True)
        with pytest.raises(Refusal) as refusal:
            await careless.send(phone.openid, Bubble("b1", "bot", "您好"))
    assert refusal.value.errcode == 40033
    assert SENDS.labels("40033")._value.get() == before + 1
    assert [entry["errcode"] for entry in await sends(simulator)] == [40033]


async def sends(simulator: Simulator) -> list[dict[str, Any]]:
    """The calls of custom/send."""
    return [each for each in await simulator.log("api") if "custom/send" in each["path"]]


async def test_story_29_types_bear_wechats_own_names(
    sender: CustomerMessages, phone: Phone, simulator: Simulator
) -> None:
    await sender.send(phone.openid, Bubble("b1", "bot", "您好"))
    await sender.send(phone.openid, Bubble("b2", "bot", "想问什么？", ("门店",)))
    assert [entry["errcode"] for entry in await sends(simulator)] == [0, 0]
    lines = [line for line in await phone.transcript() if line["side"] == "account"]
    assert [line["kind"] for line in lines] == ["text", "msgmenu"]


async def test_story_30_an_account_without_menus_sends_numbered_text_and_tries_no_menu(
    sender: CustomerMessages, phone: Phone, simulator: Simulator
) -> None:
    plain = CustomerMessages(sender.methods, may_send=True, may_send_menus=False)
    await plain.send(phone.openid, Bubble("b1", "bot", "想问什么？", ("门店", "转人工")))
    line = await phone.wait_for("想问什么")
    assert line["text"].splitlines()[1:] == ["1. 门店", "2. 转人工"]
    assert [choice["content"] for choice in line["choices"]] == ["门店", "转人工"]
    assert len(await sends(simulator)) == 1


async def test_generated_text_is_marked_by_wechat(sender: CustomerMessages, phone: Phone) -> None:
    await sender.send(phone.openid, Bubble("b1", "bot", "一段话", mark="（AI）"))
    line = await phone.wait_for("一段话")
    assert (line["text"], line["is_ai"]) == ("一段话", True)


async def test_the_sign_of_typing_is_shown(
    sender: CustomerMessages, phone: Phone, simulator: Simulator
) -> None:
    await sender.typing(phone.openid)
    # Again while it is shown is refused (45081), and that has no consequence.
    await sender.typing(phone.openid)
    assert await calls(simulator, "custom/typing") == 2


async def test_an_account_without_the_right_shows_no_typing(
    sender: CustomerMessages, phone: Phone, simulator: Simulator
) -> None:
    await CustomerMessages(sender.methods, True, True, may_type=False).typing(phone.openid)
    assert await calls(simulator, "custom/typing") == 0


async def test_a_text_that_looks_like_a_broken_link_is_sent_as_words(
    sender: CustomerMessages, phone: Phone
) -> None:
    await sender.send(phone.openid, Bubble("b1", "agent", "看 <a href=x>这里\u202e"))
    assert (await phone.wait_for("这里"))["text"] == "看 ＜a href=x>这里"
