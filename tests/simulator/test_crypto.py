"""The published vectors, and both directions against wechatpy."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wechatpy.crypto import WeChatCrypto

from connectors.simulator import crypto
from connectors.simulator.envelope import written
from connectors.simulator.model.pushes import message_fields
from tests.simulator.conftest import APP_ID, KEY, TOKEN

STAMP = ("1795392000", "77310042")
XML = written(
    message_fields(
        "gh_0a1b2c3d4e5f", "oSim0000000000000000000000001", 1795392000, "你好", "25000000000000001"
    )
)
BARE = (
    "<xml><ToUserName>gh_0a1b2c3d4e5f</ToUserName>"
    "<FromUserName>oSim0000000000000000000000001</FromUserName>"
    "<CreateTime>1795392000</CreateTime><MsgType>text</MsgType><Content>你好</Content>"
    "<MsgId>25000000000000001</MsgId></xml>"
)
SEALED = (
    "GiMLr9NXc2o8lpTzLcNoCz3IJmFElyHfHSo1eRC3HJTLWLTYYA7i20CoCtY1IHHqnxYBFzB6xI4tGcucI56mmJQsnipr86ZDfKWm"
    "Y4Bpper3MXaOPjOXDJzyzZ87YTRvKlORmBn5PZ8pzJHeltf72ZdUBhWVGMe5AMAVaOLwGW395xtfISrKHEoPtCoW2VL7QuI7O+HX"
    "I2YoApnMp1BmBbtnGuzR649EPz6ehrVTIzC+stPgAPyxI/AFebeGk3/LEzkhnoPSswbMxPuLD6PRQ9x/LpCHpSB9+sQFoHXHFTMI"
    "VO0D5Clfk5SS5/dNJbOpVNUzzAHF8MmZNk8bpMcN7rzAlurcHwdOSwVwz1zy/TK960TxNJz9fxJ9OYGfXRWI"
)


def test_the_published_signature_of_an_address_check() -> None:
    made = crypto.signature("AAAAA", "1714037059", "486452656")
    assert made == "899cf89e464efb63f54ddac96b0a0a235f53aa78"


def test_the_vector_of_a_message() -> None:
    key = crypto.key_of(KEY)
    assert crypto.signature(TOKEN, *STAMP) == "8503c4df2f496a4a071144568d27553e59595857"
    assert crypto.seal(BARE, key, APP_ID, b"abcdefghij012345") == SEALED
    assert crypto.unseal(SEALED, key, APP_ID) == BARE
    signed = crypto.signature(TOKEN, *STAMP, SEALED)
    assert signed == "d0648ae1c5ec2ef66678a2fb70f7d18c84b838d4"


def test_wechatpy_opens_what_the_simulator_seals() -> None:
    sealed = crypto.seal(XML, crypto.key_of(KEY), APP_ID, b"0123456789abcdef")
    envelope = written((("ToUserName", "gh_0a1b2c3d4e5f"), ("Encrypt", sealed)))
    signed = crypto.signature(TOKEN, *STAMP, sealed)
    opened = WeChatCrypto(TOKEN, KEY, APP_ID).decrypt_message(envelope, signed, *STAMP)
    assert opened == XML


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=200))
def test_any_text_survives_sealing(text: str) -> None:
    key = crypto.key_of(KEY)
    assert crypto.unseal(crypto.seal(text, key, APP_ID, b"x" * 16), key, APP_ID) == text


@pytest.mark.parametrize(
    ("sealed", "why"),
    [
        ("*" + SEALED[1:], "base64"),
        ("", "multiple of 32"),
        (SEALED[:64], "multiple of 32"),
        (SEALED[:-128], "padding"),
        (SEALED[:128] + SEALED[-128:], "length field"),
    ],
)
def test_a_broken_seal_is_refused(sealed: str, why: str) -> None:
    with pytest.raises(crypto.SealBroken, match=why):
        crypto.unseal(sealed, crypto.key_of(KEY), APP_ID)


def test_a_seal_for_another_account_is_refused() -> None:
    with pytest.raises(crypto.SealBroken, match="app id"):
        crypto.unseal(SEALED, crypto.key_of(KEY), "wx" + "f" * 16)
