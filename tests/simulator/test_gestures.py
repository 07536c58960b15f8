"""What followers do beside writing: pictures, places, stickers, scans, and whatever else WeChat may push."""

import pytest

from connectors.simulator.client import Phone, Refused, Simulator
from tests.simulator.conftest import Callback, StartSimulator


@pytest.fixture
async def phone(simulator: Simulator) -> Phone:
    """A follower whose follow was delivered, a minute ago: no grant is left."""
    phone = await simulator.new_phone()
    await phone.follow(wait=True)
    await simulator.advance(60)
    return phone


async def test_a_place_carries_its_coordinates(phone: Phone, callback: Callback) -> None:
    await phone.place(latitude=22.28, longitude=114.16, label="香港中环", wait=True)
    told = callback.messages[-1]
    assert (told["Location_X"], told["Location_Y"]) == ("22.28", "114.16")
    assert (told["Label"], told["Scale"]) == ("香港中环", "15")
    assert (await phone.state())["remaining"] == 5


async def test_a_link_and_a_sticker(phone: Phone, callback: Callback) -> None:
    await phone.link("标题", "说明", "https://mp.example/s", wait=True)
    assert callback.messages[-1]["Url"] == "https://mp.example/s"
    await phone.sticker(wait=True)
    assert callback.messages[-1]["Content"] == "【收到不支持的消息类型，暂无法显示】"


async def test_a_scan_follows_or_tells_the_scene(simulator: Simulator, callback: Callback) -> None:
    phone = await simulator.new_phone()
    await phone.scan("store-12", wait=True)
    await simulator.advance(60)
    await phone.scan("store-12", wait=True)
    first, second = callback.messages
    assert (first["Event"], first["EventKey"]) == ("subscribe", "qrscene_store-12")
    assert (second["Event"], second["EventKey"]) == ("SCAN", "store-12")
    assert first["Ticket"] == second["Ticket"]
    assert (await phone.state())["remaining"] == 3


async def test_only_some_accounts_have_scenes(start: StartSimulator) -> None:
    simulator = await start(wechat_account_kind="verified_subscription")
    phone = await simulator.new_phone()
    with pytest.raises(Refused, match="no QR codes"):
        await phone.scan("x")


async def test_any_event_can_be_pushed_and_grants_nothing(phone: Phone, callback: Callback) -> None:
    listed = {"List": [{"TemplateId": "A"}, {"TemplateId": "B"}]}
    await phone.event("subscribe_msg_popup_event", SubscribeMsgPopupEvent=listed, wait=True)
    told = callback.messages[-1]
    assert [one["TemplateId"] for one in told["SubscribeMsgPopupEvent"]["List"]] == ["A", "B"]
    for _ in range(3):
        await phone.event("LOCATION", Latitude="31.2", Longitude="121.4", Precision="50", wait=True)
    assert [m["Event"] for m in callback.messages[-3:]] == ["LOCATION"] * 3
    assert (await phone.state())["remaining"] == 0
    assert [line["kind"] for line in await phone.transcript()] == ["follow"]


async def test_an_event_may_come_after_the_follower_left(phone: Phone, callback: Callback) -> None:
    await phone.unfollow(wait=True)
    await phone.event("user_authorization_revoke", OpenID=phone.openid, wait=True)
    assert callback.messages[-1]["OpenID"] == phone.openid


async def test_a_message_of_any_type_can_be_sent(phone: Phone, callback: Callback) -> None:
    await phone.message("hologram", Depth=3, wait=True)
    told = callback.messages[-1]
    assert (told["MsgType"], told["Depth"]) == ("hologram", "3")
    assert told["MsgId"]


async def test_an_event_needs_readable_fields(simulator: Simulator, phone: Phone) -> None:
    path = f"/followers/{phone.openid}/event"
    with pytest.raises(Refused, match="fields"):
        await simulator.call("POST", path, {"event": "x", "fields": [1]})
    with pytest.raises(Refused, match="base64"):
        await simulator.call("POST", f"/followers/{phone.openid}/picture", {"content": "*"})
