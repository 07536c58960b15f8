"""The custom menu: what menu/create accepts, what followers then see, and what each type of tap brings."""

from typing import Any

import pytest

from connectors.simulator.client import Phone, Refused, Simulator
from tests.simulator.calling import call, post, token
from tests.simulator.conftest import Callback, StartSimulator

CREATE, GET, DELETE = (f"/cgi-bin/menu/{name}" for name in ("create", "get", "delete"))
SELF = "/cgi-bin/get_current_selfmenu_info"

CLICK = {"type": "click", "name": "人工客服", "key": "HUMAN"}
VIEW = {"type": "view", "name": "官网", "url": "https://shop.example/"}
MENU = {
    "button": [
        CLICK,
        {
            "name": "扫一扫",
            "sub_button": [
                {"type": "scancode_waitmsg", "name": "扫码查询", "key": "SCAN_WAIT"},
                {"type": "scancode_push", "name": "扫码打开", "key": "SCAN_PUSH"},
                {"type": "pic_weixin", "name": "发照片", "key": "PHOTO"},
                {"type": "location_select", "name": "发位置", "key": "WHERE"},
                VIEW,
            ],
        },
        {
            "type": "miniprogram",
            "name": "下单",
            "url": "https://m.example/",
            "appid": "wxm",
            "pagepath": "pages/order",
        },
    ]
}


def top(**changes: Any) -> dict[str, Any]:
    return {"button": [CLICK | changes]}


def sub(**changes: Any) -> dict[str, Any]:
    return {"button": [{"name": "更多", "sub_button": [CLICK | changes]}]}


@pytest.mark.parametrize(
    ("menu", "errcode"),
    [
        ({}, 40016),
        ({"button": [CLICK] * 4}, 40016),
        (top(name="五个汉字太长"), 40018),
        (top(name=""), 40018),
        (top(type="tap"), 40017),
        (top(key=""), 40019),
        (top(key="k" * 129), 40019),
        ({"button": [VIEW | {"url": "u" * 1025}]}, 40020),
        ({"button": [VIEW | {"url": "shop.example"}]}, 40055),
        ({"button": [{"name": "更多", "sub_button": [CLICK] * 6}]}, 40023),
        (sub(sub_button=[CLICK]), 40022),
        (sub(type="tap"), 40024),
        (sub(name="长" * 21), 40025),
        (sub(key=""), 40026),
        (sub(type="view"), 40027),
        (sub(type="view", url="ftp://x"), 40054),
        (sub(type="media_id"), 40007),
    ],
)
async def test_menus_that_are_refused(
    simulator: Simulator, menu: dict[str, Any], errcode: int
) -> None:
    assert await post(simulator, CREATE, menu) == errcode


async def test_a_menu_is_created_read_and_deleted(simulator: Simulator) -> None:
    assert await post(simulator, CREATE, MENU) == 0
    access = await token(simulator)
    told = (await call(simulator, "GET", GET, access_token=access))["menu"]["button"]
    assert told[0] == CLICK | {"sub_button": []}
    assert [one["name"] for one in told[1]["sub_button"]][-1] == "官网"
    assert told[2]["pagepath"] == "pages/order"
    shown = await call(simulator, "GET", SELF, access_token=access)
    assert shown["is_menu_open"] == 1
    assert shown["selfmenu_info"]["button"][1]["sub_button"]["list"][4] == VIEW
    assert (await call(simulator, "GET", DELETE, access_token=access))["errcode"] == 0
    assert (await call(simulator, "GET", GET, access_token=access))["errcode"] == 46003
    shown = await call(simulator, "GET", SELF, access_token=access)
    assert (shown["is_menu_open"], shown["selfmenu_info"]["button"]) == (0, [])


@pytest.fixture
async def phone(simulator: Simulator) -> Phone:
    """A follower without a grant, before the menu above."""
    assert await post(simulator, CREATE, MENU) == 0
    phone = await simulator.new_phone()
    await phone.follow(wait=True)
    await simulator.advance(60)
    return phone


async def test_a_scan_from_the_menu_tells_its_result_and_grants(
    phone: Phone, callback: Callback
) -> None:
    callback.says("已查到")
    await phone.menu("扫码查询", result="TK-7788", wait=True)
    told = callback.messages[-1]
    assert (told["Event"], told["EventKey"]) == ("scancode_waitmsg", "SCAN_WAIT")
    assert told["ScanCodeInfo"] == {"ScanType": "qrcode", "ScanResult": "TK-7788"}
    await phone.wait_for("已查到")
    assert (await phone.state())["remaining"] == 3
    await phone.menu("SCAN_PUSH", wait=True)
    assert callback.messages[-1]["Event"] == "scancode_push"


async def test_pictures_follow_their_event_and_count_as_messages(
    phone: Phone, callback: Callback
) -> None:
    await phone.menu("发照片", pictures=2, wait=True)
    kinds = sorted(m["MsgType"] for m in callback.messages[1:])
    assert kinds == ["event", "image", "image"]
    event = next(m for m in callback.messages if m.get("Event") == "pic_weixin")
    assert event["SendPicsInfo"]["Count"] == "2"
    assert len(event["SendPicsInfo"]["PicList"]["item"]) == 2
    assert (await phone.state())["remaining"] == 5


async def test_a_place_follows_its_event(phone: Phone, callback: Callback) -> None:
    await phone.menu("发位置", label="人民广场", wait=True)
    event, message = sorted(callback.messages[1:], key=lambda m: str(m["MsgType"]))
    assert event["SendLocationInfo"]["Label"] == message["Label"] == "人民广场"


async def test_pages_and_mini_programs_carry_the_menus_id_and_grant_nothing(
    phone: Phone, callback: Callback
) -> None:
    await phone.menu("官网", wait=True)
    await phone.menu("下单", wait=True)
    page, program = callback.messages[1:]
    assert (page["Event"], page["EventKey"]) == ("VIEW", "https://shop.example/")
    assert (program["Event"], program["EventKey"]) == ("view_miniprogram", "pages/order")
    assert page["MenuId"] == program["MenuId"]
    assert (await phone.state())["remaining"] == 0
    with pytest.raises(Refused, match="no menu button"):
        await phone.menu("points")


async def test_an_unverified_account_has_no_menu_of_its_own(start: StartSimulator) -> None:
    simulator = await start(wechat_account_kind="unverified_subscription")
    assert await post(simulator, CREATE, MENU) == 48001
