"""A push as an HTTP request, in each of the three modes, and as forgers would send it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

from connectors.simulator import crypto
from connectors.simulator.model.account import Account, Mode
from connectors.simulator.model.pushes import Fields, Push, Value

OVERSIZE_BYTES = 10 * 1024 * 1024
STALE_SECONDS = 3600
EXTERNAL = '<!ENTITY z SYSTEM "file:///etc/hostname">'

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML cannot carry."""


@dataclass(frozen=True)
class Envelope:
    """What is posted to the callback address."""

    query: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Recipe:
    """All that goes into an envelope. ``pad`` and ``finish`` are steps of the encryption that forgers get wrong."""

    xml: str
    mode: Mode
    openid: str
    original_id: str
    app_id: str
    token: str
    key: bytes
    timestamp: int
    nonce: str
    prefix: bytes
    pad: Callable[[bytes], bytes] = crypto.padded
    finish: Callable[[str], str] = str
    is_xml: bool = True

    def envelope(self) -> Envelope:
        """The request."""
        stamp = (str(self.timestamp), self.nonce)
        query = {
            "signature": crypto.signature(self.token, *stamp),
            "timestamp": stamp[0],
            "nonce": stamp[1],
            "openid": self.openid,
        }
        if self.mode == "plain":
            return Envelope(query, self.xml.encode())
        sealed = self._sealed()
        query |= {
            "encrypt_type": "aes",
            "msg_signature": crypto.signature(self.token, *stamp, sealed),
        }
        return Envelope(query, self._body(sealed).encode())

    def _sealed(self) -> str:
        plain = crypto.laid_out(self.xml, self.app_id, self.prefix)
        return self.finish(crypto.encrypted(self.pad(plain), self.key))

    def _body(self, sealed: str) -> str:
        if not self.is_xml:
            return self.xml
        if self.mode == "compatible":
            return self.xml.replace("</xml>", f"<Encrypt>{_cdata(sealed)}</Encrypt></xml>")
        return written((("ToUserName", self.original_id), ("Encrypt", sealed)))


def recipe_of(
    push: Push, account: Account, now: float, nonce: str, prefix: bytes, forgery: str | None = None
) -> Recipe:
    """The recipe of one delivery, with one thing spoilt if a forgery is named."""
    recipe = Recipe(
        xml=written(push.fields),
        mode=account.mode,
        openid=push.openid,
        original_id=account.original_id,
        app_id=account.app_id,
        token=account.token,
        key=crypto.key_of(account.aes_key) if account.mode != "plain" else b"",
        timestamp=int(now),
        nonce=nonce,
        prefix=prefix,
    )
    return _FORGERS[forgery](recipe, push) if forgery in _FORGERS else recipe


def written(fields: Fields) -> str:
    """XML as WeChat writes it: texts in CDATA, numbers bare."""
    return f"<xml>{_elements(fields)}</xml>"


def _elements(fields: Fields) -> str:
    return "".join(f"<{name}>{_value(value)}</{name}>" for name, value in fields)


def _value(value: Value) -> str:
    if isinstance(value, tuple):
        return _elements(value)
    return str(value) if isinstance(value, int) else _cdata(value)


def _cdata(text: str) -> str:
    kept = _UNPRINTABLE.sub("", text).replace("]]>", "]]]]><![CDATA[>")
    return f"<![CDATA[{kept}]]>"


def _without(push: Push, *names: str) -> str:
    return written(tuple(field for field in push.fields if field[0] not in names))


def _with(push: Push, name: str, value: str) -> str:
    return written(tuple((n, value if n == name else v) for n, v in push.fields))


def _event(push: Push, name: str) -> str:
    head = tuple(field for field in push.fields if field[0] not in ("MsgType", "Content", "MsgId"))
    return written((*head, ("MsgType", "event"), ("Event", name)))


def _declaring(recipe: Recipe, entities: str) -> str:
    """The XML with a document type before it, and its entity ``z`` in an element."""
    declared = f"<!DOCTYPE xml [{entities}]>"
    return declared + recipe.xml.replace("</xml>", "<Extra>&z;</Extra></xml>")


def _bomb(recipe: Recipe) -> str:
    """Nine levels of tenfold growth: a gigabyte, if anybody unfolds it."""
    grown = (f'<!ENTITY {name} "{10 * f"&{before};"}">' for before, name in pairwise("abcdefghz"))
    return _declaring(recipe, '<!ENTITY a "haha">' + "".join(grown))


def _broken_base64(sealed: str) -> str:
    """A text of the same length with characters that base64 does not know."""
    return "*" + sealed[1:-1] + "*"


def _wrong_padding(plain: bytes) -> bytes:
    """The right length, but a last byte that counts more than there can be."""
    return crypto.padded(plain)[:-1] + bytes([crypto.BLOCK + 1])


_Forger = Callable[[Recipe, Push], Recipe]
_FORGERS: dict[str, _Forger] = {
    "wrong_signature": lambda r, p: replace(r, token=r.token + "x"),
    "stale_timestamp": lambda r, p: replace(r, timestamp=r.timestamp - STALE_SECONDS),
    "plaintext_in_safe_mode": lambda r, p: replace(r, mode="plain"),
    "foreign_appid": lambda r, p: replace(r, app_id="wx" + "0" * 16),
    "bad_padding": lambda r, p: replace(r, pad=_wrong_padding),
    "bad_base64": lambda r, p: replace(r, finish=_broken_base64),
    "dtd": lambda r, p: replace(r, xml=_declaring(r, '<!ENTITY z "ha">')),
    "entity_bomb": lambda r, p: replace(r, xml=_bomb(r)),
    "external_entity": lambda r, p: replace(r, xml=_declaring(r, EXTERNAL)),
    "oversize": lambda r, p: replace(r, xml=_with(p, "Content", "长" * (OVERSIZE_BYTES // 3))),
    "not_xml": lambda r, p: replace(r, xml='{"hello": "world"}', is_xml=False),
    "unknown_type": lambda r, p: replace(r, xml=_with(p, "MsgType", "hologram")),
    "unknown_event": lambda r, p: replace(r, xml=_event(p, "moon_landing")),
    "missing_msgid": lambda r, p: replace(r, xml=_without(p, "MsgId")),
    "missing_sender": lambda r, p: replace(r, xml=_without(p, "FromUserName")),
}
"""Each forgery of ``model.faults.FORGERIES`` that is a change of the recipe; a replay needs none."""
