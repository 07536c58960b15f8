"""What WeChat makes of a callback's answer."""

import pytest

from connectors.simulator import crypto
from connectors.simulator.envelope import written
from connectors.simulator.judge import Abnormal, Answer, judge
from connectors.simulator.model.account import Account
from connectors.simulator.model.pushes import Fields, Push, Value
from tests.simulator.conftest import APP_ID, KEY, TOKEN

PLAIN = Account(
    APP_ID, "s3cret", "gh_0a1b2c3d4e5f", TOKEN, KEY, "plain", "verified_service", "http://x/"
)
SAFE = Account(
    APP_ID, "s3cret", "gh_0a1b2c3d4e5f", TOKEN, KEY, "safe", "verified_service", "http://x/"
)
COMPATIBLE = Account(
    APP_ID, "s3cret", "gh_0a1b2c3d4e5f", TOKEN, KEY, "compatible", "verified_service", "http://x/"
)
PUSH = Push("push-1", "oSim0000000000000000000000001", 1795392000, (), "你好", "1")
EVENT = Push("push-1", "oSim0000000000000000000000001", 1795392000, (), "", event="subscribe")


def reply(kind: str = "text", *more: tuple[str, Value], **changes: str) -> bytes:
    head = {
        "ToUserName": PUSH.openid,
        "FromUserName": PLAIN.original_id,
        "CreateTime": "1795392001",
        "MsgType": kind,
    }
    fields: Fields = (*(head | changes).items(), *more)
    return written(fields).encode()


def text(content: str) -> bytes:
    return reply("text", ("Content", content))


def news(count: int) -> bytes:
    items = tuple(
        ("item", (("Title", f"T{n}"), ("Url", "https://x.example/"))) for n in range(count)
    )
    return reply("news", ("ArticleCount", count), ("Articles", items))


def sealed(xml: bytes, *, token: str = TOKEN, app_id: str = APP_ID) -> bytes:
    encrypted = crypto.seal(xml.decode(), crypto.key_of(KEY), app_id, b"x" * 16)
    stamp = ("1795392003", "77310042")
    return written(
        (
            ("Encrypt", encrypted),
            ("MsgSignature", crypto.signature(token, *stamp, encrypted)),
            ("TimeStamp", stamp[0]),
            ("Nonce", stamp[1]),
        )
    ).encode()


def shown(body: bytes, account: Account = PLAIN, push: Push = PUSH) -> list[str]:
    return [content.text for content in judge(Answer(200, body), push, account)]


@pytest.mark.parametrize("body", [b"", b"success"])
@pytest.mark.parametrize("account", [PLAIN, SAFE])
def test_success_and_nothing_show_nothing_in_every_mode(body: bytes, account: Account) -> None:
    assert shown(body, account) == []


def test_a_text_is_shown() -> None:
    assert shown(text("您好，<b>]]>")) == ["您好，<b>]]>"]


def test_a_text_of_2048_bytes_passes_and_one_more_does_not() -> None:
    assert shown(text("a" * 2048))
    with pytest.raises(Abnormal, match="2048"):
        shown(text("a" * 2049))


def test_a_sealed_text_is_shown_in_safe_and_compatible_mode() -> None:
    assert shown(sealed(text("好的")), SAFE) == ["好的"]
    assert shown(sealed(text("好的")), COMPATIBLE) == ["好的"]
    assert shown(text("好的"), COMPATIBLE) == ["好的"]


def test_a_message_is_answered_with_the_first_article_only_an_event_with_more() -> None:
    assert shown(news(3)) == ["T0"]
    assert shown(news(3), push=EVENT) == ["T0T1T2"]


@pytest.mark.parametrize(
    ("kind", "inner"),
    [
        ("image", (("MediaId", "m"),)),
        ("voice", (("MediaId", "m"),)),
        ("video", (("MediaId", "m"), ("Title", "片子"))),
        ("music", (("ThumbMediaId", "m"), ("MusicUrl", "https://x.example/"))),
    ],
)
def test_a_file_of_the_account_is_shown(kind: str, inner: Fields) -> None:
    body = reply(kind, (kind.capitalize(), inner))
    (content,) = judge(Answer(200, body), PUSH, PLAIN, lambda media_id, *kinds: media_id == "m")
    assert (content.kind, content.media) == (kind, "m")
    with pytest.raises(Abnormal, match="unknown media id"):
        judge(Answer(200, body), PUSH, PLAIN)


def test_a_hand_over_to_wechats_own_desk_shows_nothing() -> None:
    assert shown(reply("transfer_customer_service")) == []


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b'{"errcode": 0}', "neither"),
        (b"<html></html>", "neither"),
        (b" success", "neither"),
        (b"Success", "neither"),
        (b"\xef\xbb\xbf<xml></xml>", "neither"),
        (text("hi") + b"\n", "neither"),
        (b"<xml><a></xml>", "malformed"),
        (b"\xff\xfe", "UTF-8"),
        (b'<xml><!DOCTYPE x [<!ENTITY a "b">]></xml>', "malformed"),
        (text(""), "Content"),
        (reply(), "Content"),
        (reply("text", ("Content", "x"), ToUserName="oOther"), "ToUserName"),
        (reply("text", ("Content", "x"), FromUserName="gh_other"), "FromUserName"),
        (reply("text", ("Content", "x"), CreateTime="1.5"), "CreateTime"),
        (reply("hologram"), "MsgType"),
        (reply("image", ("Image", (("MediaId", "m"),))), "media"),
        (reply("news", ("ArticleCount", 2), ("Articles", ())), "ArticleCount"),
        (sealed(text("x")), "plain mode"),
    ],
)
def test_what_is_abnormal_in_plain_mode(body: bytes, why: str) -> None:
    with pytest.raises(Abnormal, match=why):
        shown(body)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (text("x"), "clear text"),
        (sealed(text("x"), token="other"), "MsgSignature"),
        (sealed(text("x"), app_id="wx" + "f" * 16), "app id"),
        (sealed(b"success"), "neither"),
    ],
)
def test_what_is_abnormal_in_safe_mode(body: bytes, why: str) -> None:
    with pytest.raises(Abnormal, match=why):
        shown(body, SAFE)


@pytest.mark.parametrize("status", [204, 301, 403, 500])
def test_any_status_but_200_is_abnormal(status: int) -> None:
    with pytest.raises(Abnormal, match=str(status)):
        judge(Answer(status, b"success"), PUSH, PLAIN)
