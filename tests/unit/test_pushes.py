"""WeChat's pushes: what is let in, what is refused, what is rubbish."""

import base64
import hashlib
import os
import struct
from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher as Aes
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st

from connectors.settings import Settings, load_settings
from connectors.wechat.library import Cipher, ForeignAccount, Malformed, text_reply
from connectors.wechat.pushes import Push, Reader, Refused

# The test vector of the protocol notes: made with another library than the one under test.
TOKEN, KEY, APP_ID = (
    "seasonal2026",
    "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA",
    "wx0123456789abcdef",
)
TIME, NONCE = 1795392000, "77310042"
ENCRYPTED = (
    "GiMLr9NXc2o8lpTzLcNoCz3IJmFElyHfHSo1eRC3HJTLWLTYYA7i20CoCtY1IHHqnxYBFzB6xI4tGcucI56mmJQsnipr86ZDfKWm"
    "Y4Bpper3MXaOPjOXDJzyzZ87YTRvKlORmBn5PZ8pzJHeltf72ZdUBhWVGMe5AMAVaOLwGW395xtfISrKHEoPtCoW2VL7QuI7O+HX"
    "I2YoApnMp1BmBbtnGuzR649EPz6ehrVTIzC+stPgAPyxI/AFebeGk3/LEzkhnoPSswbMxPuLD6PRQ9x/LpCHpSB9+sQFoHXHFTMI"
    "VO0D5Clfk5SS5/dNJbOpVNUzzAHF8MmZNk8bpMcN7rzAlurcHwdOSwVwz1zy/TK960TxNJz9fxJ9OYGfXRWI"
)
PLAIN = (
    "<xml><ToUserName>gh_0a1b2c3d4e5f</ToUserName><FromUserName>oSim0000000000000000000000001</FromUserName>"
    "<CreateTime>1795392000</CreateTime><MsgType>text</MsgType><Content>你好</Content>"
    "<MsgId>25000000000000001</MsgId></xml>"
)


@pytest.fixture(autouse=True)
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The account of the vector, in safe mode."""
    for name in [name for name in os.environ if name.startswith("WECHAT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("WECHAT_APP_ID", APP_ID)
    monkeypatch.setenv("WECHAT_APP_SECRET", "secret")
    monkeypatch.setenv("WECHAT_TOKEN", TOKEN)
    monkeypatch.setenv("WECHAT_ENCODING_AES_KEY", KEY)
    yield


def settings(**more: str) -> Settings:
    """The account's settings with some changed."""
    return load_settings().model_copy(
        update={f"wechat_{name}": value for name, value in more.items()}
    )


def signed(*parts: str) -> str:
    """A signature, made here from the rule itself."""
    return hashlib.sha1("".join(sorted([TOKEN, *parts])).encode()).hexdigest()


def query(encrypted: str | None = ENCRYPTED) -> dict[str, str]:
    """The query string of a push."""
    plain = {"signature": signed(str(TIME), NONCE), "timestamp": str(TIME), "nonce": NONCE}
    if encrypted is None:
        return plain
    return plain | {"encrypt_type": "aes", "msg_signature": signed(str(TIME), NONCE, encrypted)}


def envelope(encrypted: str = ENCRYPTED) -> bytes:
    """The body of a push in safe mode."""
    return f"<xml><ToUserName>gh_1</ToUserName><Encrypt>{encrypted}</Encrypt></xml>".encode()


def sealed(plain: bytes) -> str:
    """``plain`` encrypted as it is, for what WeChat would never send."""
    key = base64.b64decode(KEY + "=")
    aes = Aes(AES(key), CBC(key[:16])).encryptor()
    return base64.b64encode(aes.update(plain) + aes.finalize()).decode()


def padded(body: bytes, app_id: str = APP_ID, length: int | None = None) -> bytes:
    """A whole plaintext around ``body``."""
    size = len(body) if length is None else length
    plain = b"r" * 16 + struct.pack(">I", size) + body + app_id.encode()
    pad = 32 - len(plain) % 32
    return plain + bytes([pad]) * pad


def read(body: bytes, asked: dict[str, str], **more: str) -> Push:
    """Check and read a push."""
    reader = Reader(settings(**more))
    reader.check(asked, TIME)
    return reader.read(asked, body)


def read_sealed(plain: bytes) -> Push:
    """Read a push with this plaintext inside."""
    encrypted = sealed(plain)
    return read(envelope(encrypted), query(encrypted))


def test_the_published_signature_vector() -> None:
    from connectors.wechat.library import sign

    assert sign("AAAAA", "1714037059", "486452656") == "899cf89e464efb63f54ddac96b0a0a235f53aa78"


def test_the_vector_opens() -> None:
    message = read(envelope(), query()).message
    assert (message.text, message.key) == ("你好", "25000000000000001")
    assert message.openid == "oSim0000000000000000000000001"


def test_a_repeat_has_the_same_digest_though_its_ciphertext_differs() -> None:
    again = sealed(padded(PLAIN.encode()))
    assert read(envelope(again), query(again)).digest == read(envelope(), query()).digest


@pytest.mark.parametrize(
    "change", [{"signature": "0" * 40}, {"timestamp": "1"}, {"nonce": "other"}, {"signature": "ü"}]
)
def test_a_request_that_is_not_wechats_is_refused(change: dict[str, str]) -> None:
    with pytest.raises(Refused):
        read(envelope(), query() | change)


def test_a_stale_request_is_refused() -> None:
    with pytest.raises(Refused, match="stale"):
        Reader(settings()).check(query(), TIME + 601)


@pytest.mark.parametrize("timestamp", ["", "soon", "-5", "1e9", "١٢٣", "9" * 5000, "0" * 4400])
def test_a_timestamp_that_is_none_is_refused(timestamp: str) -> None:
    stamp = {"timestamp": timestamp, "signature": signed(timestamp, NONCE)}
    with pytest.raises(Refused, match="timestamp is no number"):
        Reader(settings()).check(query() | stamp, TIME)


def test_a_wrong_message_signature_is_refused() -> None:
    with pytest.raises(Refused, match="message signature"):
        read(envelope(), query() | {"msg_signature": "0" * 40})


def test_plaintext_in_safe_mode_is_refused() -> None:
    with pytest.raises(Refused, match="plaintext"):
        read(PLAIN.encode(), query(None))


def test_plain_mode_reads_plaintext() -> None:
    push = read(PLAIN.encode(), query(None), mode="plain")
    assert push.message.text == "你好"
    assert push.cipher is None


def test_compatible_mode_reads_the_ciphertext() -> None:
    assert read(envelope(), query(), mode="compatible").message.text == "你好"


@pytest.mark.parametrize("words", ["wow<!", "<!-- hi -->", "<![CDATA[", "a & b"])
def test_what_looks_like_markup_is_read_as_words(words: str) -> None:
    body = PLAIN.replace("你好", f"<![CDATA[{words}]]>")
    assert read_sealed(padded(body.encode())).message.text == words


def test_another_accounts_ciphertext_is_refused() -> None:
    with pytest.raises(Refused, match="another account"):
        read_sealed(padded(PLAIN.encode(), "wxffffffffffffffff"))


def test_the_previous_key_still_opens() -> None:
    other = base64.b64encode(bytes(32)).decode().rstrip("=")
    from pydantic import SecretStr

    push = read(
        envelope(),
        query(),
        encoding_aes_key=SecretStr(other),  # type: ignore[arg-type]
        encoding_aes_key_previous=SecretStr(KEY),  # type: ignore[arg-type]
    )
    assert push.message.text == "你好"


@pytest.mark.parametrize(
    "plain",
    [
        bytes(32),
        b"x" * 31 + b"\x21",
        padded(PLAIN.encode(), length=5000),
        padded(b"\xff\xfe"),
        padded(b"<xml></xml>"),
        padded(b"no xml"),
        padded(PLAIN.replace("1795392000", "soon").encode()),
        padded(PLAIN.replace("你好", "<d>" * 3000 + "</d>" * 3000).encode()),
        padded(b'<!DOCTYPE x [<!ENTITY a "b">]>' + PLAIN.encode()),
        padded(PLAIN.replace("<MsgType>text</MsgType>", "<MsgType></MsgType>").encode()),
        padded(PLAIN.replace("<MsgType>text</MsgType>", "<MsgType>event</MsgType>").encode()),
    ],
)
def test_signed_rubbish_is_malformed(plain: bytes) -> None:
    with pytest.raises(Malformed):
        read_sealed(plain)


@pytest.mark.parametrize("encrypted", ["", "%%%", "AAAA", "QUJD" * 8])
def test_a_ciphertext_that_is_none_is_malformed(encrypted: str) -> None:
    with pytest.raises(Malformed):
        read(envelope(encrypted), query(encrypted))


@given(st.binary(max_size=300))
def test_no_body_escapes_as_another_exception(body: bytes) -> None:
    cipher = Cipher(KEY, APP_ID)
    for attempt in (base64.b64encode(body).decode(), sealed(padded(body))):
        try:
            cipher.decrypt(attempt)
        except (Malformed, ForeignAccount):
            continue


@given(st.text(max_size=200))
def test_what_is_sealed_opens_again(text: str) -> None:
    cipher = Cipher(KEY, APP_ID)
    safe = text.encode(errors="ignore").decode()
    assert cipher.decrypt(cipher.encrypt(safe)) == safe


@given(st.integers(0, len(ENCRYPTED) - 1), st.sampled_from("AQgw/+9"))
def test_a_tampered_ciphertext_is_refused(place: int, by: str) -> None:
    tampered = ENCRYPTED[:place] + by + ENCRYPTED[place + 1 :]
    if tampered != ENCRYPTED:
        with pytest.raises(Refused, match="message signature"):
            read(envelope(tampered), query())


@given(st.integers(0, 287), st.integers(1, 255))
def test_no_changed_byte_under_a_right_signature_escapes(place: int, change: int) -> None:
    raw = bytearray(base64.b64decode(ENCRYPTED))
    raw[place] ^= change
    encrypted = base64.b64encode(bytes(raw)).decode()
    try:
        push = read(envelope(encrypted), query(encrypted))
    except (Refused, Malformed):
        return
    # Only the words may differ: the account's id at the end, length and padding were right.
    assert push.message.account == APP_ID


@given(st.text(max_size=200))
def test_a_sealed_reply_opens_for_the_account_alone(text: str) -> None:
    safe = text.encode(errors="ignore").decode()
    sealed = Cipher(KEY, APP_ID).encrypt(safe)
    with pytest.raises(ForeignAccount):
        Cipher(KEY, "wxffffffffffffffff").decrypt(sealed)


@given(st.text(max_size=100))
def test_no_reply_breaks_out_of_its_element(text: str) -> None:
    hostile = f"{text}]]><MsgType>news</MsgType>{text}"
    reply = fromstring(text_reply(hostile, "oFollower", "gh_1", TIME))
    assert [element.tag for element in reply].count("MsgType") == 1
    assert "]]><MsgType>news</MsgType>" in (reply.findtext("Content") or "")


def test_events_of_one_second_have_keys_of_their_own() -> None:
    def tapped(key: str) -> str:
        body = PLAIN.replace("<MsgType>text</MsgType>", "<MsgType>event</MsgType>").replace(
            "<MsgId>25000000000000001</MsgId>", f"<Event>CLICK</Event><EventKey>{key}</EventKey>"
        )
        return read_sealed(padded(body.encode())).message.key

    assert tapped("shops") != tapped("gifts")


def test_a_follow_by_qr_code_is_a_follow() -> None:
    body = PLAIN.replace("<MsgType>text</MsgType>", "<MsgType>event</MsgType>").replace(
        "<MsgId>25000000000000001</MsgId>",
        "<Event>subscribe</Event><EventKey>qrscene_spring</EventKey><Ticket>t</Ticket>",
    )
    assert read_sealed(padded(body.encode())).message.event == "subscribe"
