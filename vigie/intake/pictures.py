"""Pictures that were pasted as text: they are left out at every door, as files are.

"Copy the picture's address" often gives ``data:image/png;base64,…``: the picture itself.
"""

import re

LEFT_OUT = " [a picture was left out] "
_data = re.compile(
    r"data:(?:[\w.+-]{1,80}/[\w.+-]{1,80}[^\s,]{0,80};base64,[A-Za-z0-9+/=%_-]*"
    r"|(?:image|video)/[\w.+-]{1,80}[^\s\"'<>]*)",
    re.IGNORECASE,
)
# The first letters of PNG, JPEG, GIF, WebP and of what has `ftyp` in front (AVIF, HEIC, MP4) in
# base 64, and so much of it as no address has; folded or not.
_packed = re.compile(
    r"(?<![\w+/=])(?:iVBORw0KGgo|/9j/[24]|R0lGODlh|R0lGODdh|UklGR|AAAA[\w+/]{4}Z0eX)"
    r"(?:[A-Za-z0-9+/=_-]{20,}\s?){4,}"
)


def without_pictures(text: str) -> str:
    """The text, with a few words in the place of each picture."""
    for pattern in (_data, _packed):
        text = pattern.sub(LEFT_OUT, text)
    return text
