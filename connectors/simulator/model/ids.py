"""Identifiers in WeChat's shapes: the same ones in the same order for the same seed."""

import hashlib
import string
from collections import Counter

_ALPHABET = string.ascii_letters + string.digits + "_-"
_DIGITS = string.digits

FIRST_MESSAGE = 25 * 10**17


class Ids:
    """A source of identifiers. ``started_at`` (Unix seconds) keeps the message ids of two runs apart."""

    def __init__(self, seed: str, started_at: float) -> None:
        self._seed = seed
        self._message = FIRST_MESSAGE + int(started_at * 1000) * 10_000
        self._made: Counter[str] = Counter()

    def openid(self, app_id: str) -> str:
        """28 characters: the follower of one account, somebody else on another."""
        return "o" + self._draw(f"openid {app_id}", 27, _ALPHABET)

    def message(self) -> str:
        """A MsgId of 19 digits, greater than the one before."""
        self._message += 1
        return str(self._message)

    def nonce(self) -> str:
        """A nonce of ten digits."""
        return self._draw("nonce", 10, _DIGITS)

    def token(self) -> str:
        """An access token; WeChat tells to leave room for 512 characters."""
        return f"{80 + self._made['token'] % 20}_" + self._draw("token", 133, _ALPHABET)

    def media(self) -> str:
        """A media id of 64 characters."""
        return self._draw("media", 64, _ALPHABET)

    def ticket(self, scene: str) -> str:
        """The ticket of a QR code, the same for the same scene."""
        origin = f"{self._seed}/ticket/{scene}".encode()
        return "gQ" + _spelt(origin, 94, _ALPHABET)

    def menu(self) -> int:
        """The id of a menu."""
        return int("4" + self._draw("menu", 8, _DIGITS))

    def request(self) -> str:
        """The ``rid`` at the end of an error text."""
        hexadecimal = self._draw("rid", 24, "0123456789abcdef")
        return f"{hexadecimal[:8]}-{hexadecimal[8:16]}-{hexadecimal[16:]}"

    def prefix(self) -> bytes:
        """The 16 bytes before an encrypted text."""
        return self._draw("prefix", 16, _ALPHABET).encode()

    def push(self) -> str:
        """The simulator's own name of a push, for its journal."""
        self._made["push"] += 1
        return f"push-{self._made['push']}"

    def _draw(self, purpose: str, length: int, alphabet: str) -> str:
        self._made[purpose] += 1
        origin = f"{self._seed}/{purpose}/{self._made[purpose]}".encode()
        return _spelt(origin, length, alphabet)


def _spelt(origin: bytes, length: int, alphabet: str) -> str:
    digest = hashlib.shake_256(origin).digest(length)
    return "".join(alphabet[byte % len(alphabet)] for byte in digest)
