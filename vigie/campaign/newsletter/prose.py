"""Plain text as paragraphs of HTML: a blank line parts them, an address links to itself."""

import re

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

_ADDRESS = re.compile(r"(https?://[^\s<>\"]*[^\s<>\".,;:!?)\]}’”»'])")
_BLANK = re.compile(r"\n[ \t]*\n\s*")


def paragraphs(text: str) -> list[SafeString]:
    found = _BLANK.split(text.replace("\r\n", "\n").strip())
    return [_lines(paragraph) for paragraph in found if paragraph]


def _lines(paragraph: str) -> SafeString:
    lines = [_linked(line) for line in paragraph.split("\n")]
    return mark_safe("<br>\n".join(lines))  # noqa: S308  each line was escaped


def _linked(line: str) -> str:
    """``re.split`` with a group: every second piece is an address."""
    pieces = _ADDRESS.split(line)
    return "".join(
        format_html('<a href="{0}">{0}</a>', piece) if odd % 2 else conditional_escape(piece)
        for odd, piece in enumerate(pieces)
    )
