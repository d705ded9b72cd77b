"""Rows out of a JSON file of any size, one at a time, in bounded memory.

The standard library decodes each value (in C); this walks between them. A library was tried first:
ijson's fast parser ended the whole process at a number of some thousand digits (3.6.0), and its
pure one reads 1.2 MB a second (decision 0025).
"""

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

PIECE = 256 * 1024
LONGEST_VALUE = 4 * 1024 * 1024  # characters: a row, or a field
SPACE = " \t\r\n"
# What matters to who passes over a value: within a string, outside, and after a number or a word.
IN_STRING, OUTSIDE, AFTER = (
    re.compile(r'["\\]'),
    re.compile(r'["{}\[\]]'),
    re.compile(r"[,}\] \t\r\n]"),
)


class NotJson(Exception):
    """The file cannot be read on from here; ``at`` is about how many characters were."""

    def __init__(self, at: int) -> None:
        super().__init__(at)
        self.at = at


class TooMuch(Exception):
    """One value is too long, or nested too deep. It was passed over: what follows can be read."""


def _integer(digits: str) -> Any:
    """Python refuses to read thousands of digits, and no database has room for them."""
    return int(digits) if len(digits) <= 18 else digits


class JsonStream:
    """Read forward only. Raises `NotJson` for whatever is no JSON.

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
        """The keys of the object that begins here; at each, take its value or walk into it.

        A key that is too long is ''.
        """
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
        """The value that begins here, whole. Integers of more than 18 digits stay text.

        Raises `TooMuch`.
        """
        self.begins()
        while True:
            try:
                found, end = self._json.raw_decode(self._text, self._at)
            except RecursionError:
                self._pass_over()
                raise TooMuch from None
            except ValueError:
                if self._is_long():
                    start = self._dropped + self._at
                    if self._pass_over() <= LONGEST_VALUE:  # it ends in time, and is no JSON
                        raise NotJson(start) from None
                    raise TooMuch from None
                if not self._more():
                    raise NotJson(self._dropped + self._at) from None
                continue
            if self._may_go_on(end):
                if self._is_long():
                    self._pass_over()
                    raise TooMuch
                if self._more():
                    continue
            self._at = end
            return found

    def _is_long(self) -> bool:
        return len(self._text) - self._at > LONGEST_VALUE

    def _pass_over(self) -> int:
        """To the end of the value that begins here, by its brackets and quotes alone, in bounded
        memory; how many characters that were. What it means is not looked at."""
        first = self.begins()
        start = self._dropped + self._at
        if first not in '"{[':
            self._find(AFTER)
        elif first == '"':
            self._string()
        else:
            self._nested()
        return self._dropped + self._at - start

    def _nested(self) -> None:
        depth = 0
        while True:
            sign = self._find(OUTSIDE)
            if sign == '"':
                self._string()
                continue
            self._at += 1
            depth += 1 if sign in "{[" else -1
            if not depth:
                return

    def _string(self) -> None:
        self._at += 1
        while self._find(IN_STRING) != '"':
            while self._at + 2 > len(self._text):
                if not self._more():
                    raise NotJson(self._dropped + self._at)
            self._at += 2  # a backslash, and whatever stands behind it
        self._at += 1

    def _find(self, wanted: re.Pattern[str]) -> str:
        """Go to the next of these characters, which it is."""
        while (found := wanted.search(self._text, self._at)) is None:
            self._at = len(self._text)
            if not self._more():
                raise NotJson(self._dropped + self._at)
        self._at = found.start()
        return found.group()

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
        try:
            key = str(self.value())
        except TooMuch:
            key = ""
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
