"""A journal with signed heads, and the attacker who has the database and the heads' file."""

import base64
import json
import random
from datetime import timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.db import connection

from tests.environment import FOLDER
from vigie.journal import guard, heads
from vigie.journal.chain import START, Line
from vigie.journal.models import Entry
from vigie.journal.services import append
from vigie.journal.verbs import Verb

KEY = (FOLDER / "keys/journal.key").read_bytes()
PUBLIC = (FOLDER / "keys/journal.pub").read_bytes()
VERBS = [Verb.ITEM_MOVED, Verb.ITEM_OPENED, Verb.MEDIA_VIEWED, Verb.STAFF_SIGNED_IN]
COLUMNS = list(heads.FIELDS)


def fill(path: Path, lines: int, every: int) -> None:
    """``lines`` acts, a head signed after each ``every`` of them, and after the last."""
    for number in range(1, lines + 1):
        append(VERBS[number % 4], f"item:{number % 7}", f"staff:{number % 3}", step=number)
        if number % every == 0 or number == lines:
            assert heads.sign_head(path, KEY)


def verify(path: Path) -> list[heads.Fault]:
    return heads.verify(path, PUBLIC)


class Attacker:
    """Has the database with all rights, and the heads' file; not the key that signs."""

    def __init__(self, path: Path, seed: int) -> None:
        self.path, self.chance = path, random.Random(seed)
        guard.lift(connection)
        # The last head is the line before the line that names it: everything up to there is sealed.
        self.last = Entry.objects.count()
        self.sealed = self.last - 1

    def kinds(self) -> list[str]:
        return sorted(name for name in dir(self) if name.startswith(("rows_", "file_")))

    def _some(self, least: int = 1) -> int:
        return self.chance.randint(least, self.sealed)

    def set_line(self, line: int, /, **values: object) -> None:
        assert Entry.objects.filter(seq=line).update(**values) == 1

    def lines(self) -> list[Line]:
        return [Line(*row) for row in Entry.objects.order_by("seq").values_list(*COLUMNS)]

    def _write(self, lines: list[Line]) -> None:
        Entry.objects.all().delete()
        Entry.objects.bulk_create(Entry(**vars(line)) for line in lines)

    def remake(self, lines: list[Line]) -> None:
        """Give the lines numbers and hashes that fit: a chain without a flaw of its own."""
        made, previous = [], START
        for seq, line in enumerate(lines, start=1):
            fresh = Line(**{**vars(line), "seq": seq, "previous": previous})
            previous = fresh.digest()
            made.append(Line(**{**vars(fresh), "hash": previous}))
        self._write(made)

    def other(self, column: str, value: object) -> object:
        if column == "seq":
            return self.last + self.chance.randint(1, 50)
        if column == "at":
            return value - timedelta(microseconds=self.chance.randint(1, 10**9))
        text = str(value)
        place = self.chance.randrange(len(text))
        letter = self.chance.choice([c for c in "0123456789abcdef:{}" if c != text[place]])
        return text[:place] + letter + text[place + 1 :]

    # --- the table -------------------------------------------------------------------------

    def rows_one_column_is_changed(self) -> None:
        seq, column = self._some(), self.chance.choice(COLUMNS)
        value = Entry.objects.values_list(column, flat=True).get(seq=seq)
        self.set_line(seq, **{column: self.other(column, value)})

    def rows_a_line_is_changed_and_its_hash_made_anew(self) -> None:
        seq = self._some()
        line = Line(*Entry.objects.values_list(*COLUMNS).get(seq=seq))
        changed = Line(**{**vars(line), "actor": "staff:99"})
        self.set_line(seq, actor="staff:99", hash=changed.digest())

    def rows_some_are_removed(self) -> None:
        first = self._some()
        Entry.objects.filter(seq__range=(first, first + self.chance.randint(0, 3))).delete()

    def rows_some_are_removed_and_the_rest_renumbered(self) -> None:
        lines = self.lines()
        del lines[self._some() - 1]
        self._write([Line(**{**vars(line), "seq": n}) for n, line in enumerate(lines, start=1)])

    def rows_two_are_swapped(self) -> None:
        one, two = self.chance.sample(range(1, self.sealed + 1), 2)
        lines = self.lines()
        lines[one - 1], lines[two - 1] = lines[two - 1], lines[one - 1]
        self._write([Line(**{**vars(line), "seq": n}) for n, line in enumerate(lines, start=1)])

    def rows_one_is_repeated(self) -> None:
        lines = self.lines()
        lines.insert(self._some(), lines[self._some() - 1])
        self._write([Line(**{**vars(line), "seq": n}) for n, line in enumerate(lines, start=1)])

    def rows_one_is_put_in_and_the_chain_remade(self) -> None:
        lines = self.lines()
        lines.insert(self._some() - 1, self.chance.choice(lines))
        self.remake(lines)

    def rows_are_cut_off_before_a_signed_head(self) -> None:
        Entry.objects.filter(seq__gte=self._some()).delete()

    def rows_are_cut_off_and_others_grown_in_their_place(self) -> None:
        cut = self._some(2)
        lines = self.lines()
        self.remake(lines[: cut - 1] + lines[cut:] + lines[:3])

    def rows_are_all_made_anew_from_a_changed_line_on(self) -> None:
        lines, seq = self.lines(), self._some()
        lines[seq - 1] = Line(**{**vars(lines[seq - 1]), "subject": "item:999"})
        self.remake(lines)

    def rows_are_all_gone(self) -> None:
        Entry.objects.all().delete()

    # --- the file of signed heads ----------------------------------------------------------

    def _rows(self) -> list[bytes]:
        return self.path.read_bytes().splitlines()

    def _file(self, rows: list[bytes]) -> None:
        self.path.write_bytes(b"".join(row + b"\n" for row in rows))

    def file_a_row_is_removed(self) -> None:
        rows = self._rows()
        del rows[self.chance.randrange(len(rows))]
        self._file(rows)

    def file_is_cut_off(self) -> None:
        rows = self._rows()
        self._file(rows[: self.chance.randrange(len(rows))])

    def file_is_removed(self) -> None:
        self.path.unlink()

    def file_a_byte_is_changed(self) -> None:
        text = bytearray(self.path.read_bytes())
        text[self.chance.randrange(len(text))] ^= 1 << self.chance.randrange(8)
        self.path.write_bytes(bytes(text))

    def file_two_rows_are_swapped(self) -> None:
        rows = self._rows()
        one, two = self.chance.sample(range(len(rows)), 2)
        rows[one], rows[two] = rows[two], rows[one]
        self._file(rows)

    def file_a_row_is_signed_with_another_key(self) -> None:
        rows = self._rows()
        number = self.chance.randrange(len(rows))
        head = json.loads(rows[number])
        del head["signature"]
        signature = Ed25519PrivateKey.generate().sign(json.dumps(head, sort_keys=True).encode())
        head["signature"] = base64.b64encode(signature).decode()
        rows[number] = json.dumps(head, sort_keys=True).encode()
        self._file(rows)

    def file_and_rows_are_made_anew_with_another_key(self) -> None:
        self.rows_are_all_made_anew_from_a_changed_line_on()
        self.path.unlink()
        Entry.objects.filter(verb=Verb.JOURNAL_SIGNED).delete()
        self.remake(self.lines())
        pem = Ed25519PrivateKey.generate().private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        )
        heads.sign_head(self.path, pem)
