"""A WebP that lost its end, made whole again: its decoder takes no file of which a byte is missing.

https://developers.google.com/speed/webp/docs/riff_container
"""

BEGIN = 12  # bytes: RIFF, a length, WEBP
HEAD = 8  # of a chunk: its name, its length
FRAME, FRAME_HEAD = b"ANMF", 16
PICTURES = (b"VP8 ", b"VP8L")
SIZE = 10  # bytes of a picture that say how large it is; with fewer it is nothing
# Zeros in place of what is missing, and more: where they run out the decoder gives up, and they
# stand for fewer pixels than what was there. A million are enough for fifty megapixels.
MORE, MOST = 1_000_000, 16_000_000
MOST_CHUNKS = 100_000


def is_webp(data: bytes) -> bool:
    return data.startswith(b"RIFF") and data[8:BEGIN] == b"WEBP"


def made_whole(data: bytes) -> bytes:
    """What there is of it, what its last picture lacks as zeros. Other bytes as they are."""
    if not is_webp(data):
        return data
    chunks = _whole(data[BEGIN:], (*PICTURES, FRAME))
    return b"RIFF" + _length(b"WEBP" + chunks) + b"WEBP" + chunks


def _whole(chunks: bytes, showing: tuple[bytes, ...]) -> bytes:
    """The whole ones, and what can be shown of the one that stops in its middle; nothing if none
    has one of these names."""
    at, shows = 0, False
    for _ in range(MOST_CHUNKS):
        if at + HEAD > len(chunks):
            break
        name, length = chunks[at : at + 4], int.from_bytes(chunks[at + 4 : at + HEAD], "little")
        end = at + HEAD + length + length % 2
        if end > len(chunks):
            last = _filled(name, chunks[at + HEAD :], length) if name in showing else b""
            return chunks[:at] + last if shows or last else b""
        at, shows = end, shows or name in showing
    return chunks[:at] if shows else b""


def _filled(name: bytes, body: bytes, length: int) -> bytes:
    if name == FRAME:
        inside = _whole(body[FRAME_HEAD:], PICTURES)
        filled = body[:FRAME_HEAD] + inside if inside else b""
    elif len(body) >= SIZE:
        even = min(length - len(body) + MORE, MOST) // 2 * 2
        filled = body + bytes(even + len(body) % 2)
    else:
        filled = b""
    return name + _length(filled) + filled if filled else b""


def _length(body: bytes) -> bytes:
    return len(body).to_bytes(4, "little")
