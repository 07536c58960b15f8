"""Every type and event of a push, as the message that the engine works with."""

from typing import Any

import pytest

from bot.kinds import CONTACTS, PARTINGS, is_quiet
from bot.messages import Inbound, Media, Position
from connectors.wechat.library import Malformed, fields_of
from connectors.wechat.parsing import message_of

HEAD = (
    "<ToUserName><![CDATA[gh_1]]></ToUserName>"
    "<FromUserName><![CDATA[oSim0000000000000000000000001]]></FromUserName>"
    "<CreateTime>1795392000</CreateTime>"
)


def read(kind: str, inner: str, number: str = "<MsgId>25000000000000001</MsgId>") -> Inbound:
    """The message in a push of this kind."""
    xml = f"<xml>{HEAD}<MsgType><![CDATA[{kind}]]></MsgType>{inner}{number}</xml>"
    return message_of(fields_of(xml), "wxaccount")


def event(name: str, inner: str = "") -> Inbound:
    """The event in a push."""
    return read("event", f"<Event><![CDATA[{name}]]></Event>{inner}", "")


@pytest.mark.parametrize(
    ("kind", "inner", "expected"),
    [
        ("text", "<Content><![CDATA[ 你好 ]]></Content>", {"text": "你好"}),
        ("text", "<Content>门店</Content><bizmsgmenuid>x.1</bizmsgmenuid>", {"choice_id": "x.1"}),
        ("text", "<Content>门店</Content><bizmsgmenuid></bizmsgmenuid>", {"choice_id": ""}),
        ("text", "<Content>a\u202eb</Content>", {"text": "ab"}),
        ("text", "", {"text": "", "choice_id": None}),
        (
            "image",
            "<PicUrl>http://mmbiz.qpic.cn/1</PicUrl><MediaId>m1</MediaId>",
            {"media": Media("m1", "http://mmbiz.qpic.cn/1")},
        ),
        ("image", "", {"media": None}),
        (
            "voice",
            "<MediaId>m1</MediaId><Format>amr</Format><MediaId16K>m1_16k</MediaId16K>",
            {"media": Media("m1_16k"), "text": ""},
        ),
        ("voice", "<MediaId>m1</MediaId><Recognition>几点关门</Recognition>", {"text": "几点关门"}),
        ("video", "<MediaId>m2</MediaId><ThumbMediaId>t</ThumbMediaId>", {"media": Media("m2")}),
        ("shortvideo", "<MediaId>m3</MediaId>", {"media": Media("m3")}),
        (
            "location",
            "<Location_X>31.23</Location_X><Location_Y>121.47</Location_Y><Scale>15</Scale>"
            "<Label>人民广场</Label>",
            {"position": Position(31.23, 121.47), "about": "人民广场"},
        ),
        ("location", "<Location_X>91</Location_X><Location_Y>1</Location_Y>", {"position": None}),
        ("location", "<Location_X>nan</Location_X><Location_Y>x</Location_Y>", {"position": None}),
        (
            "link",
            "<Title>新品</Title><Description></Description><Url>https://x.example</Url>",
            {"about": "新品 https://x.example", "text": ""},
        ),
        ("miniprogrampage", "<Title>t</Title>", {"kind": "miniprogrampage"}),
        ("hologram", "", {"kind": "hologram"}),
    ],
)
def test_each_type_of_message(kind: str, inner: str, expected: dict[str, Any]) -> None:
    message = read(kind, inner)
    assert message.key == "25000000000000001"
    assert {name: getattr(message, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("name", "inner", "expected"),
    [
        ("subscribe", "<EventKey></EventKey>", {"event": "subscribe", "event_key": ""}),
        ("subscribe", "<EventKey>last_trade_no_4200001</EventKey>", {"event": "subscribe"}),
        ("subscribe", "<EventKey>qrscene_a</EventKey><Ticket>t</Ticket>", {"event": "subscribe"}),
        ("SCAN", "<EventKey>a</EventKey><Ticket>t</Ticket>", {"event": "scan", "event_key": "a"}),
        ("unsubscribe", "", {"event": "unsubscribe"}),
        ("CLICK", "<EventKey>shops</EventKey>", {"event": "click", "event_key": "shops"}),
        ("CLICK", "", {"event": "click", "event_key": ""}),
        ("VIEW", "<EventKey>https://x</EventKey><MenuId>1</MenuId>", {"event": "view"}),
        ("view_miniprogram", "<EventKey>p/x</EventKey>", {"event_key": "p/x"}),
        (
            "LOCATION",
            "<Latitude>23.1</Latitude><Longitude>113.3</Longitude><Precision>9</Precision>",
            {"event": "location", "position": Position(23.1, 113.3)},
        ),
        (
            "scancode_waitmsg",
            "<EventKey>k</EventKey><ScanCodeInfo><ScanType>qrcode</ScanType>"
            "<ScanResult>TK-7788</ScanResult></ScanCodeInfo>",
            {"about": "TK-7788", "event_key": "k"},
        ),
        ("scancode_push", "<ScanCodeInfo></ScanCodeInfo>", {"about": ""}),
        (
            "pic_weixin",
            "<SendPicsInfo><Count>2</Count><PicList><item><PicMd5Sum>a</PicMd5Sum></item>"
            "<item><PicMd5Sum>b</PicMd5Sum></item></PicList></SendPicsInfo>",
            {"about": "2"},
        ),
        ("pic_sysphoto", "<SendPicsInfo><Count>1</Count></SendPicsInfo>", {"about": "1"}),
        ("pic_photo_or_album", "", {"about": ""}),
        (
            "location_select",
            "<SendLocationInfo><Location_X>31</Location_X><Location_Y>121</Location_Y>"
            "<Label>外滩</Label><Poiname></Poiname></SendLocationInfo>",
            {"position": Position(31.0, 121.0), "about": "外滩"},
        ),
        ("kf_create_session", "<KfAccount>a@b</KfAccount>", {"event": "kf_create_session"}),
        ("kf_close_session", "<KfAccount>a@b</KfAccount>", {"event": "kf_close_session"}),
        ("kf_switch_session", "<FromKfAccount>a</FromKfAccount>", {"event": "kf_switch_session"}),
        (
            "TEMPLATESENDJOBFINISH",
            "<MsgID>310045567</MsgID><Status>failed:user block</Status>",
            {"event": "templatesendjobfinish", "about": "failed:user block"},
        ),
        ("MASSSENDJOBFINISH", "<Status>send success</Status>", {"about": "send success"}),
        (
            "subscribe_msg_popup_event",
            "<SubscribeMsgPopupEvent><List><TemplateId>A</TemplateId></List>"
            "<List><TemplateId>B</TemplateId></List></SubscribeMsgPopupEvent>",
            {"event": "subscribe_msg_popup_event"},
        ),
        ("subscribe_msg_change_event", "", {}),
        ("subscribe_msg_sent_event", "", {}),
        (
            "user_authorization_revoke",
            "<OpenID>oSim0000000000000000000000009</OpenID><RevokeInfo>1</RevokeInfo>",
            {"openid": "oSim0000000000000000000000009"},
        ),
        ("user_authorization_cancellation", "", {"openid": "oSim0000000000000000000000001"}),
        ("verify_expired", "<ExpiredTime>1795392000</ExpiredTime>", {"about": "1795392000"}),
        ("naming_verify_fail", "<FailReason>no licence</FailReason>", {"about": "no licence"}),
        ("PUBLISHJOBFINISH", "", {"event": "publishjobfinish"}),
        ("moon_landing", "", {"event": "moon_landing"}),
    ],
)
def test_each_event(name: str, inner: str, expected: dict[str, Any]) -> None:
    message = event(name, inner)
    assert {each: getattr(message, each) for each in expected} == expected
    asks = message.event in CONTACTS | PARTINGS
    assert is_quiet(message) is not asks


@pytest.mark.parametrize(
    "number", ["", "<MsgId></MsgId>", "<MsgId>0</MsgId>", "<MsgId>a b</MsgId>"]
)
def test_a_message_without_its_number_is_known_by_its_body(number: str) -> None:
    one = read("text", "<Content>门店</Content>", number)
    assert one.key == read("text", "<Content>门店</Content>", number).key
    assert one.key != read("text", "<Content>礼物</Content>", number).key
    assert len(one.key) == 32


@pytest.mark.parametrize("inner", ["<Event></Event>", "", "<Event>a b\n</Event>"])
def test_an_event_without_a_name_is_malformed(inner: str) -> None:
    with pytest.raises(Malformed):
        read("event", inner, "")


def test_time_in_cdata_is_a_time() -> None:
    xml = (
        "<xml><ToUserName>gh_1</ToUserName><FromUserName>oSim01</FromUserName>"
        "<CreateTime><![CDATA[1795392000]]></CreateTime><MsgType>text</MsgType></xml>"
    )
    assert message_of(fields_of(xml), "wxaccount").sent_at == 1795392000.0
