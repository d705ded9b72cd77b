"""`vigie screen PATH|-`: says on the standard error how far it is, and writes JSON Lines."""

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from vigie.lib.seal import Unsealable
from vigie.matching.engine.index import Index
from vigie.matching.engine.store import Damaged, NotOurs, Unsafe
from vigie.matching.exact import Exact
from vigie.matching.screen.archives import in_archive, kind_of
from vigie.matching.screen.lines import Busy, Lines, NotLines, Otherwise
from vigie.matching.screen.looking import Limits, Looker, NoIndex, in_order, opened
from vigie.matching.screen.progress import Progress
from vigie.matching.screen.sources import Reader, from_disk, in_folder

S3 = "s3://"
DESCRIPTION = """\
Which pictures are known? PATH is a folder, a picture, an archive (zip, tar, tar.gz, tar.bz2,
tar.xz), or s3://bucket/prefix; - reads a list of files, one a line. Nothing is copied or unpacked
to a disk. With --out a run that was stopped goes on where it ended when it is started again with
the same words."""


class Refused(Exception):
    """It cannot begin; the words say why."""


SAID = (Refused, NoIndex, Damaged, Unsafe, NotOurs, Unsealable, Busy, NotLines, Otherwise)


def main(words: list[str]) -> int:
    given = _arguments().parse_args(words)
    try:
        with ExitStack() as stack:
            return _run(given, stack)
    except (*SAID, OSError) as error:
        print(f"vigie screen: {_in_words(error)}", file=sys.stderr)  # noqa: T201
        return 2
    except KeyboardInterrupt:
        print("Stopped. Start it again with the same words to go on.", file=sys.stderr)  # noqa: T201
        return 130


def _in_words(error: Exception) -> str:
    if isinstance(error, Unsafe):
        return f"{error} can be read by others. Run: chmod -R go= on the index"
    if isinstance(error, NoIndex):
        return f"there is no index in {error}"
    if isinstance(error, Busy):
        return f"another run writes to {error}"
    if isinstance(error, NotLines):
        return f"{error} holds something else than the lines of a run. It was left as it is"
    if isinstance(error, Otherwise):
        both = "one run had an --index, the other has none"
        return f"{error} cannot be gone on with: {both}. Give another --out"
    if isinstance(error, Damaged):
        return f"the index is damaged: {error}. Make it anew: vigie hashes index"
    if isinstance(error, NotOurs | Unsealable):
        return "the index cannot be opened: is it sealed with another key? See --key"
    return str(error)


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("vigie screen", description=DESCRIPTION)
    limits = Limits()
    parser.add_argument("path", help="a folder, an archive, a picture, s3://…, or - for a list")
    parser.add_argument("--index", type=Path, help="the index to search; without: hashes alone")
    parser.add_argument("--key", type=Path, help="a file with the key that the index is sealed by")
    parser.add_argument(
        "--out",
        type=lambda text: None if text == "-" else Path(text),
        help="JSON Lines; goes on where a killed run ended; without, or -: standard output",
    )
    parser.add_argument("--ray", metavar="ADDRESS", help="all machines of this Ray cluster; local")
    parser.add_argument("--null", action="store_true", help="the list is separated by NUL")
    most: dict[str, Any] = {"type": _at_least_one, "metavar": "N"}
    words = "pictures at once (%(default)s)"
    parser.add_argument("--jobs", default=os.cpu_count() or 1, help=words, **most)
    words = "a larger file is not opened as a picture (%(default)s)"
    parser.add_argument("--most-bytes", default=limits.most_bytes, help=words, **most)
    words = "that a picture may take (%(default)s)"
    parser.add_argument("--seconds", default=int(limits.seconds), help=words, **most)
    words = "MiB that a picture may take (%(default)s)"
    parser.add_argument("--memory", default=limits.memory_mb, help=words, **most)
    return parser


def _at_least_one(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError("a whole number, 1 at least")
    return int(text)


def _run(given: argparse.Namespace, stack: ExitStack) -> int:
    paths, total = _source(given)
    searched = given.index is not None
    lines = Lines(given.out, searched=searched)
    stack.callback(lines.close)
    found = _looked_at(given, paths, lines, stack)
    before = lines.resumed, lines.matched, lines.unseen
    progress = stack.enter_context(Progress(total, *before, searched=searched))
    for line in found:
        lines.write(line)
        progress.one(line)
    return 0


def _looked_at(
    given: argparse.Namespace, paths: Iterator[str] | None, lines: Lines, stack: ExitStack
) -> Iterator[dict[str, Any]]:
    index, exact = _index(given, stack)
    limits = Limits(given.most_bytes, given.seconds, given.memory)
    read = _reader(given.path, lines.file)
    if given.ray:
        if paths is None:
            raise Refused("an archive is read by one machine: leave out --ray")
        spread = _optional("spread")
        task = spread.Task(given.index, given.key, limits, read)
        found: Iterator[dict[str, Any]]
        found = spread.spread(given.ray, task, filter(lines.wants, paths))
        return found
    looker = Looker(index, limits, exact)
    stack.callback(looker.close)
    if paths is None:
        files = in_archive(Path(given.path), lines.wants, limits.most_bytes)
    else:
        files = read(paths, lines.wants, limits.most_bytes)
    return in_order(looker, files, given.jobs)


def _index(given: argparse.Namespace, stack: ExitStack) -> tuple[Index | None, Exact | None]:
    index, exact = opened(given.index, given.key, stack)
    if index is None:
        return None, None
    if exact is None:
        _warn("PDQs alone are searched here; with MD5 and its like: vigie hashes index")
    elif exact.note != index.note:
        _warn("MD5 and its like are of another moment than the PDQs: vigie hashes index")
    return index, exact


def _reader(path: str, skip: tuple[int, int] | None) -> Reader:
    if path.startswith(S3):
        reader: Reader = _optional("objects").from_bucket
        return reader
    return partial(from_disk, skip=skip)


def _optional(name: str) -> ModuleType:
    try:
        return import_module(f"vigie.matching.screen.{name}")
    except ModuleNotFoundError as error:
        raise Refused(f"{error.name} is not installed: see requirements-ray.txt") from error


def _warn(words: str) -> None:
    print(f"vigie screen: {words}", file=sys.stderr)  # noqa: T201


def _source(given: argparse.Namespace) -> tuple[Iterator[str] | None, int | None]:
    """The paths, or None for an archive; how many there are, where that is quickly known."""
    if given.path == "-":
        return _listed("\0" if given.null else "\n"), None
    if given.path.startswith(S3):
        return _optional("objects").in_bucket(given.path), None
    path = Path(given.path)
    if path.is_dir():
        return in_folder(path), sum(1 for _ in in_folder(path))
    if not path.is_file():
        raise Refused(f"{path} is no folder and no file")
    return (None, None) if kind_of(path) else (iter([given.path]), 1)


def _listed(end: str) -> Iterator[str]:
    """A list of Windows ends its lines with two signs; a name that ends so takes --null."""
    rest, odd = b"", "\r" if end == "\n" else ""
    while piece := os.read(sys.stdin.fileno(), 1 << 16):
        *whole, rest = (rest + piece).split(end.encode())
        yield from filter(None, (os.fsdecode(one).removesuffix(odd) for one in whole))
    if last := os.fsdecode(rest).removesuffix(odd):
        yield last
