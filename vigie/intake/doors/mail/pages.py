"""The words of an HTML mail, and where its links lead. Nothing of it is fetched. Pure.

The standard library's parser takes the square of the time for pages made to hurt; for words and
links alone, one pass is enough.
"""

import html
import re

_tag = re.compile(r"<(/?[a-z!][^<>]*)>", re.IGNORECASE)
_href = re.compile(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_silent = re.compile(r"(?:script|style)\b", re.IGNORECASE)
_loud = re.compile(r"/(?:script|style)\b", re.IGNORECASE)
_breaks = re.compile(r"/?(?:br|p|div|tr|li|h[1-6])\b", re.IGNORECASE)


def words_of(page: str) -> str:
    """Words, line ends where blocks end, and the address of each link before its words."""
    words: list[str] = []
    end, silent = 0, False
    for tag in _tag.finditer(page):
        if not silent:
            words += [page[end : tag.start()], _instead_of(tag[1])]
        silent = bool(_silent.match(tag[1])) or (silent and not _loud.match(tag[1]))
        end = tag.end()
    return html.unescape("".join([*words, page[end:]]))


def _instead_of(tag: str) -> str:
    link = _href.search(tag) if tag[:2].lower() in ("a ", "a\n", "a\t") else None
    if link:
        return f" {link[1] or link[2] or link[3] or ''} "
    return "\n" if _breaks.match(tag) else ""
