"""Requests to the callback: valid ones, signed rubbish, and forgeries, each with one or two things spoilt.

They know the protocol's structure, so that what is spoilt lies deep: inside a right signature, a right ciphertext, a
right XML. Written from WeChat's pages, independent of the code under test.
"""

import base64
import hashlib
import os
import random
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from urllib.parse import quote, quote_from_bytes

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

APP_ID, TOKEN, SECRET = "wx0123456789abcdef", "seasonal2026", "secret"
KEY = "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA"
FOREIGN_KEY = base64.b64encode(bytes(range(100, 132))).decode().rstrip("=")

BLOCK = 32

Fields = list[tuple[str, str]]


class Family(StrEnum):
    """What has to become of a request."""

    VALID = "valid"  # stored, and answered
    RUBBISH = "rubbish"  # WeChat's own signature around anything: read or not, never an error
    FORGED = "forged"  # not WeChat's: never stored


@dataclass(frozen=True)
class Request:
    """One POST: the query string as it is written, the body, and how it was made."""

    family: Family
    query: str
    body: bytes
    made_by: str
    openid: str


@dataclass
class Draft:
    """A request before it is sealed and signed; ``after`` spoils the sealed parts."""

    number: int
    now: int
    fields: Fields
    openid: str
    xml: bytes = b""
    app_id: str = APP_ID
    key: str = KEY
    token: str = TOKEN
    timestamp: str = ""
    nonce: str = ""
    spoil_plain: Callable[[bytes], bytes] = bytes
    spoil_sealed: Callable[[str], str] = str
    spoil_body: Callable[[bytes], bytes] = bytes
    spoil_query: Callable[[Fields], Fields] = list
    raw_query: str = ""
    made_by: list[str] = field(default_factory=list)


Spoiler = Callable[[Draft, random.Random], None]


def valid(number: int, now: int, luck: random.Random) -> Request:
    """A push as WeChat sends it."""
    return _finished(_draft(number, now, luck), Family.VALID)


def rubbish(number: int, now: int, luck: random.Random) -> Request:
    """Something spoilt within what is signed."""
    draft = _draft(number, now, luck)
    for _ in range(luck.choice((1, 1, 2))):
        _spoil(draft, luck, INSIDE)
    return _finished(draft, Family.RUBBISH)


def forged(number: int, now: int, luck: random.Random) -> Request:
    """Something that only one who knows token and key could have made right; perhaps rubbish as well."""
    draft = _draft(number, now, luck)
    if luck.random() < 0.3:
        _spoil(draft, luck, [each for each in INSIDE if each is not ask_oddly])
    _spoil(draft, luck, OUTSIDE)
    return _finished(draft, Family.FORGED)


def _spoil(draft: Draft, luck: random.Random, spoilers: Sequence[Spoiler]) -> None:
    spoiler = luck.choice(spoilers)
    draft.made_by.append(spoiler.__name__)
    spoiler(draft, luck)


def _draft(number: int, now: int, luck: random.Random) -> Draft:
    openid = f"oFuzz{number:023}"
    fields = [
        ("ToUserName", "gh_0a1b2c3d4e5f"),
        ("FromUserName", openid),
        ("CreateTime", str(now - luck.randrange(3))),
        *luck.choice(KINDS)(number, luck),
    ]
    return Draft(number, now, fields, openid, timestamp=str(now), nonce=f"{luck.getrandbits(40)}")


def _text(number: int, luck: random.Random) -> Fields:
    words = luck.choice(("几点关门", "你好 👋", "a & b <c>", "。" * luck.randrange(1, 600)))
    return [("MsgType", "text"), ("Content", words), ("MsgId", _id(number))]


def _image(number: int, luck: random.Random) -> Fields:
    return [
        ("MsgType", "image"),
        ("PicUrl", "http://mmbiz.qpic.cn/a"),
        ("MediaId", "m1"),
        ("MsgId", _id(number)),
    ]


def _voice(number: int, luck: random.Random) -> Fields:
    return [("MsgType", "voice"), ("MediaId", "m2"), ("Format", "amr"), ("MsgId", _id(number))]


def _location(number: int, luck: random.Random) -> Fields:
    return [
        ("MsgType", "location"),
        ("Location_X", "31.23"),
        ("Location_Y", "121.47"),
        ("Scale", "16"),
        ("Label", "上海"),
        ("MsgId", _id(number)),
    ]


def _link(number: int, luck: random.Random) -> Fields:
    return [
        ("MsgType", "link"),
        ("Title", "文章"),
        ("Description", "内容"),
        ("Url", "https://example.cn/"),
        ("MsgId", _id(number)),
    ]


def _event(number: int, luck: random.Random) -> Fields:
    name, key = luck.choice((("subscribe", ""), ("CLICK", "shops"), ("SCAN", "42")))
    return [("MsgType", "event"), ("Event", name), ("EventKey", key)]


KINDS = (_text, _text, _text, _image, _voice, _location, _link, _event)


def _id(number: int) -> str:
    return str(25_000_000_000_000_000 + number)


# What is signed and sealed rightly, but is not what WeChat would say.


def drop_an_element(draft: Draft, luck: random.Random) -> None:
    """One element is missing."""
    draft.fields.pop(luck.randrange(len(draft.fields)))


def repeat_an_element(draft: Draft, luck: random.Random) -> None:
    """One element is there twice, with another value."""
    name, _ = luck.choice(draft.fields)
    draft.fields.insert(luck.randrange(len(draft.fields) + 1), (name, luck.choice(VALUES)))


def replace_a_value(draft: Draft, luck: random.Random) -> None:
    """One element holds something else."""
    place = luck.randrange(len(draft.fields))
    draft.fields[place] = (draft.fields[place][0], luck.choice(VALUES))


def rename_an_element(draft: Draft, luck: random.Random) -> None:
    """One element has another name."""
    place = luck.randrange(len(draft.fields))
    name = luck.choice(
        ("MsgType", "Event", "Content", "msgid", "a:b", "x" * 300, "Encrypt", "消息")
    )
    draft.fields[place] = (name, draft.fields[place][1])


def shuffle_elements(draft: Draft, luck: random.Random) -> None:
    """The same in another order."""
    luck.shuffle(draft.fields)


def spoil_the_markup(draft: Draft, luck: random.Random) -> None:
    """What is no XML, or XML with more in it than WeChat's."""
    whole = _written(draft.fields)
    draft.xml = luck.choice(MARKUP)(whole, luck)


def flip_bytes(draft: Draft, luck: random.Random) -> None:
    """Some bytes of the XML are others."""
    whole = bytearray(draft.xml or _written(draft.fields))
    for _ in range(luck.randrange(1, 6)):
        whole[luck.randrange(len(whole))] = luck.randrange(256)
    draft.xml = bytes(whole)


def spoil_the_padding(draft: Draft, luck: random.Random) -> None:
    """The plaintext ends otherwise than PKCS#7 wants."""
    last = luck.choice((0, 33, 255, luck.randrange(256)))
    draft.spoil_plain = lambda plain: plain[:-1] + bytes([last])


def spoil_the_length(draft: Draft, luck: random.Random) -> None:
    """The length field tells something else."""
    size = luck.choice((0, 1, 2**31, 2**32 - 1, luck.getrandbits(32), luck.randrange(400)))
    draft.spoil_plain = lambda plain: plain[:16] + struct.pack(">I", size) + plain[20:]


def seal_noise(draft: Draft, luck: random.Random) -> None:
    """A plaintext that is nothing."""
    noise = luck.randbytes(BLOCK * luck.randrange(1, 5))
    draft.spoil_plain = lambda plain: noise


def spoil_the_base64(draft: Draft, luck: random.Random) -> None:
    """A ciphertext that is not one, under a right signature."""
    draft.spoil_sealed = luck.choice(
        (
            lambda sealed: "",
            lambda sealed: sealed[:-1],
            lambda sealed: sealed[: len(sealed) // 2],
            lambda sealed: sealed.replace("A", "*"),
            lambda sealed: sealed.replace("+", "-").replace("/", "_") + "=",
            lambda sealed: "\n".join(sealed[i : i + 40] for i in range(0, len(sealed), 40)),
            lambda sealed: sealed + "密文",
            lambda sealed: sealed * 3,
        )
    )


def flip_the_ciphertext(draft: Draft, luck: random.Random) -> None:
    """A block of the ciphertext is another."""

    def flipped(sealed: str) -> str:
        raw = bytearray(base64.b64decode(sealed))
        raw[luck.randrange(len(raw))] ^= 1 << luck.randrange(8)
        return base64.b64encode(bytes(raw)).decode()

    draft.spoil_sealed = flipped


def spoil_the_envelope(draft: Draft, luck: random.Random) -> None:
    """The outer XML is spoilt; the signature is that of what was inside."""
    spoiler = luck.choice(MARKUP)
    draft.spoil_body = lambda body: spoiler(body, luck)


def ask_oddly(draft: Draft, luck: random.Random) -> None:
    """A signed timestamp or nonce that nobody would write."""
    draft.timestamp = luck.choice((draft.timestamp, "0" * 4400 + str(draft.now)))
    draft.nonce = luck.choice(("", "0", "n" * 2000, "空", "a b+c&d=e", "\u202e"))


INSIDE: Sequence[Spoiler] = (
    drop_an_element,
    repeat_an_element,
    replace_a_value,
    replace_a_value,
    rename_an_element,
    shuffle_elements,
    spoil_the_markup,
    spoil_the_markup,
    flip_bytes,
    spoil_the_padding,
    spoil_the_length,
    seal_noise,
    spoil_the_base64,
    flip_the_ciphertext,
    spoil_the_envelope,
    ask_oddly,
)


# What shows that it does not come from WeChat, or not for this account.


def sign_with_another_token(draft: Draft, luck: random.Random) -> None:
    """Everything is right but the token."""
    draft.token = luck.choice(("", "Seasonal2026", "seasonal2026 ", "密"))


def seal_with_another_key(draft: Draft, luck: random.Random) -> None:
    """Somebody else's key: what is read is noise."""
    draft.key = FOREIGN_KEY


def seal_for_another_account(draft: Draft, luck: random.Random) -> None:
    """The ciphertext names another account."""
    draft.app_id = luck.choice(("wxffffffffffffffff", "", APP_ID[:-1], APP_ID + "a", "公众号"))


def be_stale(draft: Draft, luck: random.Random) -> None:
    """A right signature of another time."""
    other = luck.choice((-700, 700, -(10**9), 10**9))
    draft.timestamp = luck.choice(
        (str(draft.now + other), "soon", "", "١٢٣", "-5", "1e9", "9" * 5000)
    )


def spoil_the_query(draft: Draft, luck: random.Random) -> None:
    """A parameter is missing, empty, doubled or another."""
    name = luck.choice(("signature", "timestamp", "nonce", "msg_signature", "encrypt_type"))
    change = luck.choice(
        (
            lambda value: None,
            lambda value: "",
            lambda value: value + "0",
            lambda value: value[:-1],
            lambda value: "0" * 40,
            lambda value: "签名",
            lambda value: value.upper() + " ",
        )
    )

    def spoilt(query: Fields) -> Fields:
        told = [(n, change(v) if n == name else v) for n, v in query]
        return [(n, v) for n, v in told if v is not None]

    draft.spoil_query = spoilt


def write_a_wild_query(draft: Draft, luck: random.Random) -> None:
    """A query string that is hardly one."""
    draft.raw_query = luck.choice(
        (
            "",
            "signature=%FF%FE&timestamp=%00&nonce=%ED%A0%80",
            "signature&timestamp&nonce",
            "&&&===&",
            "signature[]=1&timestamp[]=2",
            "%zz=1&signature=%E4%BD",
            f"signature={'a' * 5000}",
            quote_from_bytes(luck.randbytes(40)) + f"&timestamp={draft.now}",
        )
    )


def push_in_clear(draft: Draft, luck: random.Random) -> None:
    """A signed push without encryption, which safe mode must not take."""
    clear = _written(draft.fields)
    draft.spoil_body = lambda body: clear
    kept = luck.choice((("openid",), ("openid", "encrypt_type")))
    draft.spoil_query = lambda query: [
        (n, "raw" if n == "encrypt_type" else v)
        for n, v in query
        if n in ("signature", "timestamp", "nonce", *kept)
    ]


def exchange_the_ciphertext(draft: Draft, luck: random.Random) -> None:
    """Another right ciphertext under this one's signature."""
    other = _sealed(replace(draft, fields=[*draft.fields, ("X", "1")], spoil_sealed=str))
    draft.spoil_body = lambda body: _enveloped(other)


OUTSIDE: Sequence[Spoiler] = (
    sign_with_another_token,
    seal_with_another_key,
    seal_for_another_account,
    be_stale,
    spoil_the_query,
    write_a_wild_query,
    push_in_clear,
    exchange_the_ciphertext,
)

VALUES = (
    "",
    " ",
    "0",
    "-1",
    "1e400",
    "9" * 400,
    "1795392000.5",
    "١٧٩٥٣٩٢٠٠٠",
    "event",
    "text",
    "TEXT",
    "subscribe_scan",
    "LOCATION",
    "\u0000"[:0] + "\u0001\u0008",
    "\ud7ff\ue000\ufffd",
    "𐀀" * 200,
    "]]>",
    "&amp;&lt;&#0;&#x110000;",
    "../../etc/passwd",
    "o" * 65,
    "openid with spaces",
    "oFuzz:{x}*?[a]",
    "a\r\nb",
    "<b>1</b>",
    "长" * 30000,
)

Markup = Callable[[bytes, random.Random], bytes]

MARKUP: Sequence[Markup] = (
    lambda xml, luck: b"",
    lambda xml, luck: xml[: luck.randrange(len(xml) + 1)],
    lambda xml, luck: xml[luck.randrange(len(xml)) :],
    lambda xml, luck: xml + xml,
    lambda xml, luck: b"\xef\xbb\xbf" + xml,
    lambda xml, luck: b" \r\n" + xml + b"\n",
    lambda xml, luck: b'<?xml version="1.0" encoding="UTF-16"?>' + xml,
    lambda xml, luck: xml.decode(errors="replace").encode("utf-16"),
    lambda xml, luck: xml.decode(errors="replace").encode("gbk", errors="replace"),
    lambda xml, luck: b'<!DOCTYPE xml [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + xml,
    lambda xml, luck: xml.replace(b"<xml>", b'<xml><!DOCTYPE a [<!ENTITY b "c">]>', 1),
    lambda xml, luck: xml.replace(b"</xml>", b"&undefined;</xml>"),
    lambda xml, luck: xml.replace(b"<xml>", b'<xml a="b" xmlns:x="y">', 1),
    lambda xml, luck: xml.replace(b"<xml>", b"<html>").replace(b"</xml>", b"</html>"),
    lambda xml, luck: xml.replace(b"</xml>", b"<!-- -- --></xml>"),
    lambda xml, luck: xml.replace(b"<![CDATA[", b"<![CDATA[<![CDATA["),
    lambda xml, luck: xml.replace(b"]]>", b""),
    lambda xml, luck: xml.replace(b"</xml>", b"<d>" * 3000 + b"</d>" * 3000 + b"</xml>"),
    lambda xml, luck: xml.replace(
        b"</xml>", b"".join(b"<e%d/>" % i for i in range(900)) + b"</xml>"
    ),
    lambda xml, luck: b'{"xml": {}}',
    lambda xml, luck: luck.randbytes(luck.randrange(1, 300)),
)


def _written(fields: Fields) -> bytes:
    elements = "".join(f"<{name}><![CDATA[{value}]]></{name}>" for name, value in fields)
    return f"<xml>{elements}</xml>".encode(errors="replace")


def _sealed(draft: Draft) -> str:
    body = draft.xml or _written(draft.fields)
    plain = os.urandom(16) + struct.pack(">I", len(body)) + body + draft.app_id.encode()
    pad = BLOCK - len(plain) % BLOCK
    key = base64.b64decode(draft.key + "=")
    aes = Cipher(AES(key), CBC(key[:16])).encryptor()
    sealed = aes.update(draft.spoil_plain(plain + bytes([pad]) * pad)) + aes.finalize()
    return draft.spoil_sealed(base64.b64encode(sealed).decode())


def _enveloped(sealed: str) -> bytes:
    return _written([("ToUserName", "gh_0a1b2c3d4e5f"), ("Encrypt", sealed)])


def _finished(draft: Draft, family: Family) -> Request:
    sealed = _sealed(draft)
    stamp = (draft.timestamp, draft.nonce)
    query = draft.spoil_query(
        [
            ("signature", _signed(draft.token, *stamp)),
            ("timestamp", draft.timestamp),
            ("nonce", draft.nonce),
            ("openid", draft.openid),
            ("encrypt_type", "aes"),
            ("msg_signature", _signed(draft.token, *stamp, sealed)),
        ]
    )
    written = "&".join(f"{name}={quote(value, safe='')}" for name, value in query)
    made_by = "+".join(draft.made_by) or family.value
    is_raw = "write_a_wild_query" in draft.made_by
    body = draft.spoil_body(_enveloped(sealed))
    return Request(family, draft.raw_query if is_raw else written, body, made_by, draft.openid)


def _signed(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()
