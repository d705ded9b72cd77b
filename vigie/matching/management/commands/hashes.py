"""`vigie hashes …`: hash lists by hand. Progress on stderr, results on stdout.

vigie hashes lists                          what there is
vigie hashes load LIST LAYOUT FILE          a file: md5, sha1, sha256, pdq, photodna, csv or vics
vigie hashes fetch NAME                     a partner's list, now and to its end
vigie hashes check NAME PDQ …               ask a partner about PDQ values; nothing else is sent
vigie hashes feedback LIST KIND VALUE SAYS  tell an owner: agree or dispute
vigie hashes export NUMBER FILE             the file of an export that two people approved
vigie hashes index                          this program's index, anew, as `vigie screen` reads it
vigie hashes verify                         is that index on the disk still what was written?
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.lib.partner import PartnerFailed
from vigie.matching.engine.store import Damaged
from vigie.matching.following import followed, write_equal
from vigie.matching.lists import four_eyes
from vigie.matching.lists.clients import arachnid
from vigie.matching.lists.feedback import give_feedback
from vigie.matching.lists.fetching import NotConfigured, contract_of, fetch, plan_lists
from vigie.matching.lists.loading import LAYOUTS, list_named, load_file
from vigie.matching.lists.lookup import listed
from vigie.matching.lists.models import Export, Feedback, HashList
from vigie.matching.lists.partners import BadPartners
from vigie.matching.lists.values import BYTES, BadRow, canonical
from vigie.matching.selectors import lists
from vigie.people.four_eyes import TooLate

BY = "command line"
LONGEST_NAME = 60


class Command(BaseCommand):
    help = "Hash lists: load, fetch, check, feedback, export, index, verify."

    def add_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        acts.add_parser("lists", help="what there is")
        load = acts.add_parser("load", help="a file into a list; begun again, it goes on")
        load.add_argument("name", help="of the list: shown where a picture is recognised")
        load.add_argument("layout", choices=LAYOUTS)
        load.add_argument("file", type=Path)
        load.add_argument("--owner", default="", help="whose list it is")
        load.add_argument(
            "--whole", action="store_true", help="withdraw what this file does not have"
        )
        acts.add_parser("fetch", help="a partner's list").add_argument("name")
        check = acts.add_parser("check", help="ask a partner about PDQ values")
        check.add_argument("name")
        check.add_argument("pdq", nargs="+")
        feedback = acts.add_parser("feedback", help="tell an entry's owner")
        feedback.add_argument("name")
        feedback.add_argument("kind", choices=list(BYTES))
        feedback.add_argument("value")
        feedback.add_argument("says", choices=[says.value for says in Feedback.Says])
        export = acts.add_parser("export", help="the file of an approved export")
        export.add_argument("number", type=int, help="of the act that was confirmed")
        export.add_argument("file", type=Path)
        acts.add_parser("index", help="the index of near hashes, anew; its size")
        acts.add_parser("verify", help="is the index on the disk still what was written?")

    def handle(self, *args: Any, **options: Any) -> None:
        acts: dict[str, Callable[..., None]] = {
            "lists": self._lists,
            "load": self._load,
            "fetch": self._fetch,
            "check": self._check,
            "feedback": self._feedback,
            "export": self._export,
            "index": self._index,
            "verify": self._verify,
        }
        try:
            acts[options["act"]](**options)
        except NotConfigured:
            raise CommandError("partners.toml has no such partner, or not of this kind.")
        except (BadPartners, PartnerFailed) as error:
            raise CommandError(f"{error}. What was read until now is kept.")

    def _lists(self, **options: Any) -> None:
        for row in lists():
            may = "may confirm" if row.may_confirm else "proposes"
            size, aside = getattr(row, "size", 0), getattr(row, "aside", 0)
            read = row.read_at.isoformat(timespec="seconds") if row.read_at else "not read whole"
            used = "" if row.active else ", not in use"
            self.stdout.write(f"{row.name}: {size} values, {aside} set aside, {read}, {may}{used}")

    def _load(self, name: str, layout: str, file: Path, **options: Any) -> None:
        name = name.strip()
        if not 0 < len(name) <= LONGEST_NAME:
            raise CommandError(f"A list's name has 1 to {LONGEST_NAME} characters.")
        try:
            with file.open("rb"):  # before a list is made for it
                pass
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}")
        known = HashList.objects.filter(name=name).exists()
        hash_list = list_named(name, options["owner"])
        if hash_list.source != HashList.Source.FILE:
            raise CommandError(f"{name} is a partner's list: vigie hashes fetch {name}")
        whole = options["whole"]
        try:
            loaded = load_file(hash_list, file, layout, BY, replace=whole, progress=self._progress)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}")
        self._end_progress()
        count = loaded.count
        self.stdout.write(
            f"{count.new} new values on {'' if known else 'a new list, '}{hash_list.name}, "
            f"{count.changed} changed, "
            f"{count.withdrawn} withdrawn; {loaded.set_aside} rows set aside."
        )
        if not loaded.whole:
            raise CommandError("The file cannot be read to its end. The rest is not in.")
        if loaded.withheld:
            raise CommandError(
                "Nothing was withdrawn: what seems to be lacking may stand in the rows that were "
                "set aside. Mend them or take them out, and load the file again."
            )

    def _fetch(self, name: str, **options: Any) -> None:
        plan_lists()
        contract = contract_of(name)
        hash_list = HashList.objects.filter(name=contract.name).first()
        if hash_list is None:
            raise NotConfigured
        fetch(hash_list, contract, BY, progress=self._progress)
        self._end_progress()
        self.stdout.write(f"{name} is read to its end.")

    def _check(self, name: str, pdq: list[str], **options: Any) -> None:
        contract = contract_of(name)
        if contract.protocol != "arachnid":
            raise NotConfigured
        try:
            asked = [canonical("pdq", value) for value in pdq]
        except BadRow:
            raise CommandError("A PDQ has 64 hexadecimal digits.")
        append(Verb.HASHES_CHECKED, f"partner:{contract.name}", BY, count=len(asked))
        with contract.connect(60) as partner:
            for value, answer in arachnid.check(partner, asked).items():
                self.stdout.write(f"{value} {answer.given} {answer.sha256}".rstrip())

    def _feedback(self, name: str, kind: str, value: str, says: str, **options: Any) -> None:
        try:
            found = listed({kind: canonical(kind, value)}).filter(list__name=name)
        except BadRow:
            raise CommandError(f"This is no {kind}.")
        if not found:
            raise CommandError(f"{name} does not hold it.")
        for entry in found:
            give_feedback(entry, says, BY)
        self.stdout.write(f"Kept for {len(found)} entries.")

    def _export(self, number: int, file: Path, **options: Any) -> None:
        export = Export.objects.filter(act_id=number).first()
        if export is None:
            raise CommandError("No such export. It is asked for and confirmed on the desk.")
        if file.exists():
            raise CommandError(f"{file} exists already.")
        try:
            content = four_eyes.take(export, BY)
        except TooLate:
            raise CommandError("It was taken already, or its hour is over. Ask again.")
        file.touch(mode=0o600)
        file.write_bytes(content)
        self.stdout.write(f"{export.entries} entries, SHA-256 {export.sha256}")

    def _index(self, **options: Any) -> None:
        """Whoever serves from it meanwhile goes on, with what is in until now."""
        begun = time.monotonic()
        index = followed().open(fresh=True)
        while not followed().catch_up():
            self._progress(0, 0, len(index))
        index.merge()
        equal = write_equal()
        self._end_progress()
        size = sum(file.stat().st_size for file in settings.HASH_INDEX.rglob("*"))
        self.stdout.write(
            f"{len(index)} near hashes and {equal} of equal bytes in {settings.HASH_INDEX}, "
            f"{size / 1e6:.1f} MB, "
            f"{time.monotonic() - begun:.1f} s."
        )

    def _verify(self, **options: Any) -> None:
        try:
            told = followed().open().verify()
        except Damaged as error:
            raise CommandError(
                f"{error} is not what was written. vigie hashes index makes it anew."
            )
        if not told:
            raise CommandError("It is older than its checksums. vigie hashes index makes it anew.")
        self.stdout.write(f"Every file of {settings.HASH_INDEX} is what was written.")

    def _progress(self, read: int, total: int, rows: int) -> None:
        """One line that is written over; a log gets a line each million rows."""
        share = f"{100 * read // total:3d} %, " if total else ""
        if sys.stderr.isatty():
            self.stderr.write(f"\r{share}{rows} rows", ending="")
        elif rows % 1_000_000 < 500:
            self.stderr.write(f"{share}{rows} rows")

    def _end_progress(self) -> None:
        if sys.stderr.isatty():
            self.stderr.write("")
