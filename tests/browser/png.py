"""PNG files made smaller without changing a pixel: browsers write them in a hurry. Knows no other format."""

import struct
import zlib

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def smaller(picture: bytes) -> bytes:
    """The same picture, its pixels packed as tightly as zlib can."""
    kept, pixels = [], b""
    for kind, data in _chunks(picture):
        if kind == b"IDAT":
            pixels += data
        else:
            kept.append((kind, data))
    packed = zlib.compress(zlib.decompress(pixels), 9)
    return SIGNATURE + b"".join(_chunk(*each) for each in (*kept[:-1], (b"IDAT", packed), kept[-1]))


def _chunks(picture):
    at = len(SIGNATURE)
    while at < len(picture):
        length, kind = struct.unpack_from(">I4s", picture, at)
        yield kind, picture[at + 8 : at + 8 + length]
        at += 12 + length


def _chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
