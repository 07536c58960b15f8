"""Requests in the three modes, and each forgery beside wechatpy and the simulator's own reading."""

from dataclasses import replace
from xml.parsers.expat import ExpatError

import pytest
import xmltodict
from wechatpy.crypto import WeChatCrypto
from wechatpy.exceptions import InvalidAppIdException, InvalidSignatureException
from wechatpy.utils import check_signature

from connectors.simulator import crypto
from connectors.simulator.envelope import STALE_SECONDS, Envelope, recipe_of, written
from connectors.simulator.model.account import Account, Mode
from connectors.simulator.model.faults import FORGERIES
from connectors.simulator.model.pushes import Push, message_fields
from tests.simulator.conftest import APP_ID, KEY, TOKEN

OPENID = "oSim0000000000000000000000001"
ACCOUNT = Account(
    APP_ID, "s3cret", "gh_0a1b2c3d4e5f", TOKEN, KEY, "safe", "verified_service", "http://x/"
)
PUSH = Push(
    "push-1",
    OPENID,
    1795392000,
    message_fields(ACCOUNT.original_id, OPENID, 1795392000, "你好 ]]> <b>\x00", "25"),
    "你好",
    "25",
)
NOW = 1795392003.7


def envelope(mode: Mode = "safe", forgery: str | None = None) -> Envelope:
    account = replace(ACCOUNT, mode=mode)
    return recipe_of(PUSH, account, NOW, "77310042", b"x" * 16, forgery).envelope()


def opened(made: Envelope) -> str:
    query = made.query
    check_signature(TOKEN, query["signature"], query["timestamp"], query["nonce"])
    return str(
        WeChatCrypto(TOKEN, KEY, APP_ID).decrypt_message(
            made.body.decode(), query["msg_signature"], query["timestamp"], query["nonce"]
        )
    )


def test_plain_mode_sends_bare_xml() -> None:
    made = envelope("plain")
    assert set(made.query) == {"signature", "timestamp", "nonce", "openid"}
    assert made.query["timestamp"] == "1795392003"
    fields = xmltodict.parse(made.body)["xml"]
    assert fields["Content"] == "你好 ]]> <b>"
    assert fields["MsgId"] == "25"


def test_safe_mode_sends_the_recipient_and_the_ciphertext_only() -> None:
    made = envelope("safe")
    assert list(xmltodict.parse(made.body)["xml"]) == ["ToUserName", "Encrypt"]
    assert opened(made) == written(PUSH.fields)


def test_compatible_mode_sends_both() -> None:
    made = envelope("compatible")
    fields = xmltodict.parse(made.body)["xml"]
    assert fields["Content"] == "你好 ]]> <b>"
    assert opened(made) == written(PUSH.fields)


@pytest.mark.parametrize(
    ("forgery", "error"),
    [
        ("wrong_signature", InvalidSignatureException),
        ("plaintext_in_safe_mode", KeyError),
        ("foreign_appid", InvalidAppIdException),
        ("bad_base64", Exception),
        ("not_xml", ExpatError),
    ],
)
def test_forgeries_that_wechatpy_stumbles_over(forgery: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        opened(envelope("safe", forgery))


def test_bad_padding_is_signed_rightly_and_cannot_be_opened() -> None:
    made = envelope("safe", "bad_padding")
    sealed = xmltodict.parse(made.body)["xml"]["Encrypt"]
    stamp = (made.query["timestamp"], made.query["nonce"])
    assert crypto.is_signature(made.query["msg_signature"], TOKEN, *stamp, sealed)
    with pytest.raises(crypto.SealBroken, match="padding"):
        crypto.unseal(sealed, crypto.key_of(KEY), APP_ID)


def test_a_stale_timestamp_is_signed_rightly() -> None:
    made = envelope("safe", "stale_timestamp")
    assert made.query["timestamp"] == str(int(NOW) - STALE_SECONDS)
    assert opened(made) == written(PUSH.fields)


@pytest.mark.parametrize(
    ("forgery", "part"),
    [
        ("dtd", "<!DOCTYPE"),
        ("entity_bomb", '<!ENTITY z "&h;&h;'),
        ("external_entity", "SYSTEM"),
        ("unknown_type", "<MsgType><![CDATA[hologram]]></MsgType>"),
        ("unknown_event", "<Event><![CDATA[moon_landing]]></Event>"),
    ],
)
def test_forgeries_inside_the_ciphertext(forgery: str, part: str) -> None:
    assert part in opened(envelope("safe", forgery))


@pytest.mark.parametrize(
    ("forgery", "name"), [("missing_msgid", "MsgId"), ("missing_sender", "FromUserName")]
)
def test_forgeries_that_leave_something_out(forgery: str, name: str) -> None:
    assert name not in opened(envelope("safe", forgery))


def test_an_oversized_body_has_more_than_10_megabytes() -> None:
    assert len(envelope("plain", "oversize").body) > 10_000_000


@pytest.mark.parametrize("mode", ["plain", "compatible"])
@pytest.mark.parametrize("forgery", [f for f in FORGERIES if f != "oversize"])
def test_every_forgery_can_be_made_in_every_mode(mode: Mode, forgery: str) -> None:
    assert envelope(mode, forgery).body
