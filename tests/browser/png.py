"""Pictures of the page made small: the colours of a page are few, and so each pixel is one byte of a palette."""

import struct
import zlib
from collections import Counter

SIGNATURE = b"\x89PNG\r\n\x1a\n"
MOST_COLOURS = 256
COARSE = 0xF8  # letters have soft edges in hundreds of shades that nobody tells apart


def smaller(picture: bytes) -> bytes:
    """The same picture of at most 256 colours, the rare ones as their nearest. Takes 8-bit RGB and RGBA, as browsers
    write it."""
    width, height, rows = _pixels(picture)
    counted = Counter(pixel for row in rows for pixel in row)
    palette = [colour for colour, _ in counted.most_common(MOST_COLOURS)]
    places = {colour: place for place, colour in enumerate(palette)}
    for colour in counted.keys() - places.keys():
        places[colour] = min(range(len(palette)), key=lambda place: _apart(palette[place], colour))
    packed = zlib.compress(b"".join(b"\0" + bytes(places[pixel] for pixel in row) for row in rows), 9)
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"PLTE", b"".join(map(bytes, palette))), (b"IDAT", packed), (b"IEND", b""))
    return SIGNATURE + b"".join(_chunk(*each) for each in chunks)


def _apart(one, other):
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


def _pixels(picture):
    """Width, height, and rows of (red, green, blue), coarsened where a colour is not plain."""
    chunks = list(_chunks(picture))
    width, height, _, kind = struct.unpack_from(">IIBB", chunks[0][1])
    size = {2: 3, 6: 4}[kind]
    data = zlib.decompress(b"".join(content for name, content in chunks if name == b"IDAT"))
    rows, above = [], bytes(width * size)
    for at in range(0, height * (width * size + 1), width * size + 1):
        above = _unfiltered(data[at], bytearray(data[at + 1 : at + 1 + width * size]), above, size)
        reds, greens, blues = above[0::size], above[1::size], above[2::size]
        rows.append(list(zip(reds, greens, blues, strict=True)))
    plain = {colour for colour, count in Counter(pixel for row in rows for pixel in row).items() if count > width}
    coarse = {}
    return width, height, [[_coarsened(pixel, plain, coarse) for pixel in row] for row in rows]


def _coarsened(pixel, plain, known):
    if pixel not in known:
        known[pixel] = pixel if pixel in plain else tuple(value & COARSE for value in pixel)
    return known[pixel]


def _unfiltered(kind, row, above, size):
    """One row after its filter (PNG, 9.2) was undone."""
    for i in range(len(row)) if kind else ():
        left = row[i - size] if i >= size else 0
        corner = above[i - size] if i >= size else 0
        row[i] = (row[i] + (0, left, above[i], (left + above[i]) // 2, _paeth(left, above[i], corner))[kind]) & 0xFF
    return bytes(row)


def _paeth(left, up, corner):
    guess = left + up - corner
    away = abs(guess - left), abs(guess - up), abs(guess - corner)
    return (left, up, corner)[away.index(min(away))]


def _chunks(picture):
    at = len(SIGNATURE)
    while at < len(picture):
        length, name = struct.unpack_from(">I4s", picture, at)
        yield name, picture[at + 8 : at + 8 + length]
        at += 12 + length


def _chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
