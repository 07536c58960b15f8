"""Small files that a simulated phone sends: a picture, a second of silence, the beginning of a film."""

import struct
import zlib

VOICE = b"#!AMR\n" + (b"\x3c" + bytes(31)) * 50
"""50 frames of 20 ms at 12.2 kbit/s."""

VIDEO = struct.pack(">I", 20) + b"ftypisom" + struct.pack(">I", 0x200) + b"isom"

THUMB = b"\xff\xd8\xff\xe0" + struct.pack(">H", 16) + b"JFIF\0\1\1\0\0\1\0\1\0\0" + b"\xff\xd9"
"""A JPEG's frame without a picture in it; nothing here draws it."""


def picture(width: int = 240, height: int = 180) -> bytes:
    """A PNG with a soft gradient, made so that no file has to be kept."""
    rows = b"".join(_row(width, height, y) for y in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in parts)


def _row(width: int, height: int, y: int) -> bytes:
    shade = 200 - 90 * y // height
    pixels = b"".join(bytes((shade, 150 + 60 * x // width, 170)) for x in range(width))
    return b"\0" + pixels


def _chunk(name: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(name + content)
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", checksum)
