"""Several accounts in one simulator, and what an owner changes in the console."""

import re
from pathlib import Path

import pytest
import xmltodict
from aiohttp import web
from wechatpy.crypto import WeChatCrypto

from connectors.simulator.accounts_file import AccountsFileError, read_accounts
from connectors.simulator.client import Phone, Refused, Simulator
from connectors.simulator.model.lines import FAILURE_LINE
from tests.simulator.calling import CREDENTIALS, SEND, call, send, token
from tests.simulator.conftest import APP_ID, KEY, TOKEN, Callback, StartSimulator

SECOND = "wx1111111111111111"
NEW_KEY = "B" * 43


@pytest.fixture
async def simulator(start: StartSimulator, tmp_path: Path) -> Simulator:
    """Two accounts; the second one's callback address does not answer."""
    (tmp_path / "second.yml").write_text(
        "buttons: [{name: 第二家, type: click, key: second}]", encoding="utf-8"
    )
    accounts = tmp_path / "accounts.yml"
    accounts.write_text(
        f"""
accounts:
  first:
    app_id: {APP_ID}
    app_secret: s3cret
    token: {TOKEN}
    encoding_aes_key: {KEY}
  second:
    app_id: {SECOND}
    app_secret: other
    token: other
    kind: unverified_subscription
    callback_url: "http://127.0.0.1:1/"
    menu: second.yml
""",
        encoding="utf-8",
    )
    return await start(simulator_accounts=accounts)


async def test_accounts_do_not_know_each_others_followers_and_tokens(
    simulator: Simulator, callback: Callback
) -> None:
    one, other = await simulator.new_phone(), await simulator.new_phone(account=SECOND)
    await one.follow(wait=True)
    await other.follow()
    await other.wait_for(FAILURE_LINE, side="system", seconds=3)
    assert [m["FromUserName"] for m in callback.messages] == [one.openid]
    assert (await other.state())["account"] == SECOND
    assert await send(simulator, other.openid) == 40003
    theirs = CREDENTIALS | {"appid": SECOND, "secret": "other"}
    access = (await call(simulator, "POST", "/cgi-bin/stable_token", theirs))["access_token"]
    body = {"touser": other.openid, "msgtype": "text", "text": {"content": "x"}}
    assert (await call(simulator, "POST", SEND, body, access_token=access))["errcode"] == 48001
    assert {e["account"] for e in await simulator.log("api")} == {APP_ID, SECOND}
    wrong = CREDENTIALS | {"appid": SECOND}
    assert (await call(simulator, "POST", "/cgi-bin/stable_token", wrong))["errcode"] == 40125


async def test_each_account_has_its_own_menu(simulator: Simulator) -> None:
    one, other = await simulator.new_phone(), await simulator.new_phone(account=SECOND)
    await one.follow()
    await other.follow()
    await other.menu("second")
    with pytest.raises(Refused, match="no menu button"):
        await one.menu("second")


async def test_a_fault_can_concern_one_account(simulator: Simulator) -> None:
    await simulator.fault("always_40001", count=None, account=SECOND)
    access = await token(simulator)
    answer = await call(simulator, "GET", "/cgi-bin/getcallbackip", access_token=access)
    assert answer == {"ip_list": ["127.0.0.1"]}


async def test_an_unknown_account_is_named(simulator: Simulator) -> None:
    with pytest.raises(Refused, match="no account wxnobody"):
        await simulator.new_phone(account="wxnobody")
    with pytest.raises(Refused, match="no account wxnobody"):
        await simulator.change_account(account="wxnobody")


async def test_the_console_changes_only_what_makes_sense(simulator: Simulator) -> None:
    for change in ({"mode": "loud"}, {"kind": "huge"}, {"aes_key": "short"}, {"colour": "red"}):
        with pytest.raises(Refused):
            await simulator.change_account(**change)
    assert (await simulator.change_account(kind="test"))["kind"] == "test"


@pytest.fixture
async def phone(simulator: Simulator) -> Phone:
    """A follower of the first account."""
    phone = await simulator.new_phone()
    await phone.follow(wait=True)
    return phone


async def test_after_a_change_of_keys_some_pushes_still_come_with_the_old_one(
    simulator: Simulator, phone: Phone, callback: Callback
) -> None:
    await simulator.change_account(aes_key=NEW_KEY)
    callback.crypto = WeChatCrypto(TOKEN, NEW_KEY, APP_ID)
    callback.says("新钥匙")
    await phone.say("一", wait=True)
    await phone.wait_for("新钥匙")
    callback.crypto = WeChatCrypto(TOKEN, KEY, APP_ID)
    callback.says("旧钥匙")
    await simulator.fault("previous_key")
    await phone.say("二", wait=True)
    await phone.wait_for("旧钥匙")


async def test_a_reply_must_be_sealed_with_the_key_of_its_push(
    simulator: Simulator, phone: Phone, callback: Callback
) -> None:
    async def answer(message: dict[str, str]) -> web.Response:
        callback.crypto, opening = WeChatCrypto(TOKEN, NEW_KEY, APP_ID), callback.crypto
        response = callback.sealed(message, "用错钥匙")
        callback.crypto = opening
        return response

    callback.answer = answer
    await phone.say("一")
    await phone.wait_for(FAILURE_LINE, side="system", seconds=3)
    assert "Encrypt cannot be opened" in (await simulator.log("delivery"))[-1]["reason"]


async def test_a_change_of_mode_shows_in_the_next_push(
    simulator: Simulator, phone: Phone, callback: Callback
) -> None:
    await simulator.change_account(mode="compatible")
    await phone.say("你好", wait=True)
    body = xmltodict.parse(callback.requests[-1][1])["xml"]
    assert {"Content", "Encrypt"} <= set(body)


async def test_the_limit_of_a_passive_text_can_be_moved(
    simulator: Simulator, phone: Phone, callback: Callback
) -> None:
    callback.says("长" * 700)
    await simulator.change_account(passive_text_bytes=2100)
    await phone.say("你好", wait=True)
    await phone.wait_for("长")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("[", "cannot be read"),
        ("apps: []", "has no accounts"),
        ("accounts: []", "has no accounts"),
        ("accounts: {}", "names no account"),
        ("accounts: {a: {app_id: wx}}", "app_secret"),
        ("accounts: {a: {app_id: wx}, a: {app_id: wy}}", "stands here twice"),
        ("accounts: {a: {app_id: a, app_secret: b, token: c, colour: d}}", "colour"),
    ],
)
def test_a_broken_accounts_file_is_explained(tmp_path: Path, content: str, why: str) -> None:
    path = tmp_path / "accounts.yml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(AccountsFileError, match=why):
        read_accounts(path, "http://x")


def test_the_pages_example_of_an_accounts_file_is_read(tmp_path: Path) -> None:
    page = Path(__file__).parents[2] / "docs" / "simulator.md"
    (example,) = re.findall(r"```yaml\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    path = tmp_path / "accounts.yml"
    path.write_text(example, encoding="utf-8")
    (first, _), (second, _) = read_accounts(path, "http://127.0.0.1:9000/wechat")
    assert (first.mode, first.callback_url) == ("safe", "http://127.0.0.1:9000/wechat/first")
    assert (second.mode, second.kind, second.name) == ("plain", "verified_subscription", "第二家")
