"""Rows out of a JSON file of any size, one at a time, in bounded memory.

The standard library decodes each value (in C); this walks between them. A library was tried first:
ijson's fast parser ended the whole process at a number of some thousand digits (3.6.0), and its
pure one reads 1.2 MB a second (decision 0025).
"""

import codecs
import json
from collections.abc import Iterator
from typing import Any, BinaryIO

PIECE = 256 * 1024
LONGEST_VALUE = 4 * 1024 * 1024  # characters: a row, or a field that is passed over
SPACE = " \t\r\n"


class NotJson(Exception):
    """The file cannot be read on from here; ``at`` is about how many characters were."""

    def __init__(self, at: int) -> None:
        super().__init__(at)
        self.at = at


def _integer(digits: str) -> Any:
    """Python refuses to read thousands of digits, and no database has room for them."""
    return int(digits) if len(digits) <= 18 else digits


class JsonStream:
    """Read forward only. Raises `NotJson` for whatever is no JSON, too long or nested too deep.

    UTF-8 or UTF-16 with a byte order mark, else UTF-8; what is no character becomes U+FFFD.
    """

    def __init__(self, file: BinaryIO) -> None:
        head = file.read(PIECE)
        self._file = file
        self._text = ""
        self._at = self._dropped = 0
        self._ended = False
        self._decoder = codecs.getincrementaldecoder(_encoding(head))("replace")
        self._json = json.JSONDecoder(parse_int=_integer, parse_float=str)
        self._feed(head)

    def members(self) -> Iterator[str]:
        """The keys of the object that begins here; at each, take its value or walk into it."""
        yield from self._each("{", "}", keyed=True)

    def elements(self) -> Iterator[str]:
        """Once for each element of the array that begins here; take it or walk into it."""
        yield from self._each("[", "]", keyed=False)

    def begins(self) -> str:
        """The character at which the next value begins: ``{``, ``[``, a quote …"""
        while True:
            while self._at < len(self._text):
                if self._text[self._at] not in SPACE:
                    return self._text[self._at]
                self._at += 1
            if not self._more():
                raise NotJson(self._dropped + self._at)

    def value(self) -> Any:
        """The value that begins here, whole. Integers of more than 18 digits stay text."""
        self.begins()
        while True:
            try:
                found, end = self._json.raw_decode(self._text, self._at)
            except (ValueError, RecursionError) as error:
                too_deep = isinstance(error, RecursionError)
                if too_deep or len(self._text) - self._at > LONGEST_VALUE or not self._more():
                    raise NotJson(self._dropped + self._at) from None
                continue
            if self._may_go_on(end) and self._more():
                continue
            self._at = end
            return found

    def _may_go_on(self, end: int) -> bool:
        """A number that ends with what was read: ``1``, or ``1`` before ``.``, ``e`` or ``e+``."""
        is_number = self._text[self._at] in "-0123456789"
        is_last = len(self._text) - end < 3  # asked first: the rest may be long
        return is_number and is_last and set(self._text[end:]) <= set(".eE+-")

    def _each(self, first: str, last: str, *, keyed: bool) -> Iterator[str]:
        self._take(first)
        if self.begins() == last:
            self._take(last)
            return
        while True:
            yield self._key() if keyed else ""
            if self.begins() == last:
                self._take(last)
                return
            self._take(",")

    def _key(self) -> str:
        if self.begins() != '"':
            raise NotJson(self._dropped + self._at)
        key = str(self.value())
        self._take(":")
        return key

    def _take(self, character: str) -> None:
        if self.begins() != character:
            raise NotJson(self._dropped + self._at)
        self._at += 1

    def _more(self) -> bool:
        """Read on; False at the end of the file."""
        if self._ended:
            return False
        return self._feed(self._file.read(PIECE))

    def _feed(self, data: bytes) -> bool:
        self._ended = not data
        new = self._decoder.decode(data, final=self._ended)
        self._dropped += self._at
        self._text, self._at = self._text[self._at :] + new, 0
        return bool(data)


def _encoding(head: bytes) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return "utf-8-sig"
