"""WeChat's signature and encryption, written from its page 消息加解密说明 and independent of any SDK."""

import base64
import binascii
import hashlib
import hmac
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32
"""Bytes of a padding block; AES itself works on 16."""

PREFIX = 16


class SealBroken(Exception):
    """A ciphertext that this key and app id did not make; the message says what is wrong."""


def signature(*parts: str) -> str:
    """SHA-1 in hex over the sorted and joined parts."""
    joined = "".join(sorted(parts))
    # WeChat's protocol says SHA-1; nothing else would be understood.
    return hashlib.sha1(joined.encode(), usedforsecurity=False).hexdigest()


def is_signature(given: str, *parts: str) -> bool:
    """Whether ``given`` signs the parts, compared in constant time."""
    return hmac.compare_digest(given.encode(), signature(*parts).encode())


def key_of(encoding_aes_key: str) -> bytes:
    """The 32 bytes behind an EncodingAESKey of 43 characters."""
    return base64.b64decode(encoding_aes_key + "=")


def laid_out(text: str, app_id: str, prefix: bytes) -> bytes:
    """Prefix, length (4 bytes, big-endian), text and app id."""
    body = text.encode()
    return prefix + struct.pack(">I", len(body)) + body + app_id.encode()


def padded(plain: bytes) -> bytes:
    """PKCS#7 with a block of 32 bytes: always 1 to 32 bytes more."""
    count = BLOCK - len(plain) % BLOCK
    return plain + bytes([count]) * count


def encrypted(padded_plain: bytes, key: bytes) -> str:
    """AES-256-CBC with the key's first 16 bytes as IV, in base64."""
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(encryptor.update(padded_plain) + encryptor.finalize()).decode()


def seal(text: str, key: bytes, app_id: str, prefix: bytes) -> str:
    """The content of an ``Encrypt`` element."""
    return encrypted(padded(laid_out(text, app_id, prefix)), key)


def unseal(sealed: str, key: bytes, app_id: str) -> str:
    """The text inside an ``Encrypt`` element. Raises SealBroken."""
    try:
        raw = base64.b64decode(sealed, validate=True)
    except (binascii.Error, ValueError) as error:
        raise SealBroken("it is not base64") from error
    if not raw or len(raw) % BLOCK:
        raise SealBroken("its length is no multiple of 32 bytes")
    decryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
    return _text_in(_unpadded(decryptor.update(raw) + decryptor.finalize()), app_id)


def _unpadded(plain: bytes) -> bytes:
    count = plain[-1]
    if not 1 <= count <= BLOCK or plain[-count:] != bytes([count]) * count:
        raise SealBroken("its padding is wrong")
    return plain[:-count]


def _text_in(plain: bytes, app_id: str) -> str:
    start = PREFIX + 4
    if len(plain) < start:
        raise SealBroken("it is too short")
    end = start + struct.unpack(">I", plain[PREFIX:start])[0]
    if end > len(plain):
        raise SealBroken("its length field is wrong")
    if plain[end:] != app_id.encode():
        raise SealBroken("its app id is another one")
    try:
        return plain[start:end].decode()
    except UnicodeDecodeError as error:
        raise SealBroken("its text is not UTF-8") from error
