"""A file into a list: in batches, each with how far it got, so that a killed load goes on.

The checkpoint of a file: ``{"file": its SHA-256 and how it is read, "rows": how many are in,
"began": when}``; once it is wholly in, ``"withheld"`` (see `Loaded`) in place of ``"began"``. The
same file again begins where it stopped; a file that is wholly in is not read a second time, unless
it is read in another layout, or as the whole list.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from django.db import transaction
from django.db.models import QuerySet

from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.lib import clock
from vigie.matching.lists import tables, vics
from vigie.matching.lists.models import HashList, ListedHash, SetAside
from vigie.matching.lists.values import BYTES, Bad, Entry, Row, Rows, plain
from vigie.matching.lists.writing import Count, keep, tick

LAYOUTS = (*BYTES, "csv", "vics")
BATCH = 500
State = ListedHash.State
Progress = Callable[[int, int, int], None]  # bytes read, bytes in all, rows


def silent(read: int, total: int, rows: int) -> None:
    """No progress wanted."""


@dataclass
class Loaded:
    """What a load did. ``whole``: the file was read to its end. ``withheld``: it was to be the
    whole list, and lacks some of it; nothing was withdrawn, for some rows could not be read."""

    rows: int = 0
    set_aside: int = 0
    whole: bool = True
    withheld: bool = False
    count: Count = field(default_factory=Count)


def list_named(name: str, owner: str = "") -> HashList:
    """The list of that name; a new one may do nothing but propose."""
    return HashList.objects.get_or_create(name=name[:60], defaults={"owner": owner[:120]})[0]


def load_file(
    hash_list: HashList,
    path: Path,
    layout: str,
    by: str,
    *,
    replace: bool = False,
    progress: Progress = silent,
) -> Loaded:
    """Read a file into a list. ``layout``: one of `LAYOUTS`. Raises `OSError`.

    Bad rows are set aside; the rest goes in. ``replace``: the file is the whole list, and what it
    lacks is withdrawn, once all of it has been read: a row that was set aside may be what seems to
    be lacking.
    """
    digest, size = _digest(path), path.stat().st_size
    mark = f"{digest} {layout}{' whole' if replace else ''}"
    start, began = _resume(hash_list, mark)
    done, loaded = f"{mark}+done", Loaded(rows=start)
    where, aside = _where(path), SetAside.objects.filter(list=hash_list)
    if hash_list.checkpoint.get("file") == done:
        # What was wrong with it still is.
        loaded.withheld = bool(hash_list.checkpoint.get("withheld"))
        loaded.set_aside = aside.filter(where=where).count()
        return loaded
    if not start:  # what another layout, or an earlier state of this file, had wrong
        aside.filter(where=where).delete()
    with path.open("rb") as file:
        vocabulary = _vocabulary(layout, file)
        for batch in _batches(_rows(layout, file), start):
            _keep_batch(hash_list, vocabulary, mark, where, began, batch, loaded)
            progress(file.tell(), size, loaded.rows)
    with transaction.atomic():
        if replace and loaded.whole:
            unseen = _unseen(hash_list, began)
            loaded.withheld = aside.filter(at__gte=began).exists() and unseen.exists()
            # A file without any entry is a mistake sooner than a list that became empty.
            if not loaded.withheld and (start or loaded.count != Count()):
                loaded.count.withdrawn += unseen.update(state=State.WITHDRAWN, change=tick())
                aside.filter(at__lt=began).delete()
        if loaded.whole:
            kept = {"file": done, "rows": loaded.rows, "withheld": loaded.withheld}
            hash_list.checkpoint = kept
            hash_list.read_at = clock.now()
            hash_list.save(update_fields=["checkpoint", "read_at"])
        append(
            Verb.LIST_LOADED,
            hash_list.subject,
            by,
            file=digest[:16],
            rows=loaded.rows,
            new=loaded.count.new,
            withdrawn=loaded.count.withdrawn,
            set_aside=loaded.set_aside,
            whole=loaded.whole,
        )
    return loaded


def set_aside(hash_list: HashList, where: str, bad: list[tuple[int, Bad]]) -> int:
    """Keep where rows were that could not be read; how many. Again changes nothing."""
    now = clock.now()
    SetAside.objects.bulk_create(
        [
            SetAside(list=hash_list, where=where, line=line, reason=row.reason, at=now)
            for line, row in bad
        ],
        ignore_conflicts=True,
    )
    return len(bad)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _where(path: Path) -> str:
    """As a person knows the file: by its name."""
    return plain(path.name, 120) or "file"


def _resume(hash_list: HashList, mark: str) -> tuple[int, datetime]:
    """How many rows of this file are in already, read so, and when its load began."""
    kept = hash_list.checkpoint
    if kept.get("file") == mark:
        return int(kept["rows"]), datetime.fromisoformat(kept["began"])
    return 0, clock.now()


def _vocabulary(layout: str, file: BinaryIO) -> str:
    if layout == "vics":
        return vics.VOCABULARY
    head = file.read(4096)
    file.seek(0)
    return tables.vocabulary_of(head) if layout == "csv" else "ours"


def _rows(layout: str, file: BinaryIO) -> Rows:
    if layout == "vics":
        return vics.rows(file)
    return tables.rows_of_table(file) if layout == "csv" else tables.rows_of_one_kind(file, layout)


def _batches(rows: Rows, skip: int) -> Iterator[list[Row]]:
    """Rows in lots, without those numbered up to ``skip``."""
    batch: list[Row] = []
    for row in rows:
        if row[0] > skip:
            batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _keep_batch(
    hash_list: HashList,
    vocabulary: str,
    mark: str,
    where: str,
    began: datetime,
    batch: list[Row],
    loaded: Loaded,
) -> None:
    """A lot of rows and how far the file is read, in one transaction."""
    bad = [(number, row) for number, row in batch if isinstance(row, Bad)]
    # Where reading had to stop, it begins again.
    broken = any(row.ends for _n, row in bad)
    last = batch[-1][0] - broken
    with transaction.atomic():
        loaded.count += keep(hash_list, vocabulary, [r for _n, r in batch if isinstance(r, Entry)])
        loaded.set_aside += set_aside(hash_list, where, bad)
        hash_list.checkpoint = {"file": mark, "rows": last, "began": began.isoformat()}
        hash_list.save(update_fields=["checkpoint"])
    loaded.rows, loaded.whole = last, not broken


def _unseen(hash_list: HashList, began: datetime) -> QuerySet[ListedHash]:
    """What stands on the list and was not in what was read since then."""
    return hash_list.entries.filter(last_seen__lt=began).exclude(state=State.WITHDRAWN)
