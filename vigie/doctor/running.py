"""Is the worker alive, is the journal signed outside the database, and what time is it?"""

import http.client
import stat
from collections.abc import Iterable
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings
from django.db import connections
from django.db.models import Count, Min

from vigie.doctor.asking import Site
from vigie.doctor.finding import Finding, judged
from vigie.intake.models import Letter
from vigie.journal.heads import last_signed
from vigie.journal.models import Entry
from vigie.journal.selectors import is_stale
from vigie.keeping.erasing import in_force
from vigie.keeping.guard import is_doubted
from vigie.keeping.models import KeepingRule
from vigie.lib import clock
from vigie.lib.keys import Keys
from vigie.matching.engine.damage import note_of
from vigie.matching.lists.lookup import waits_since
from vigie.worker.models import LastRound
from vigie.worker.rounds import LANES

MOST_SKEW = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=2)


def examine(site: Site) -> list[Finding]:
    moment = clock.now()
    return [
        judged("journal.outside", _within(settings.JOURNAL_HEADS), "Set VIGIE_JOURNAL_HEADS."),
        judged("journal.fresh", _unsigned(moment), "Is the worker running, with journal.key?"),
        judged("worker.alive", _silent(moment), "Start it: systemctl start vigie-worker"),
        judged("inbox", _unopened(moment), "See the desk's page Failures, and the worker's log."),
        judged("hashes.index", _index(moment), "Is the worker running? Or: vigie hashes index"),
        judged("clock", _skew(site), "Set the clocks (NTP)."),
        judged("retention", _unkept(moment), "See the desk's page Retention."),
    ]


def search_key() -> Finding:
    """Both programs must search by one key: here, the one whose name is in the journal."""
    stale = ["index.key is not the present one"] if is_stale(Keys(settings.KEYS)) else []
    return judged("keys.index", stale, "Copy index.key here from where it was rotated.")


def _within(path: Path) -> Iterable[str]:
    """A file of heads that goes where the database or the keys go proves nothing."""
    if not path.exists():
        yield f"{path} is not there"
        return
    places = {settings.KEYS.resolve()}
    for alias in ("default", "front"):
        if connections[alias].vendor == "sqlite":
            places.add(Path(str(connections[alias].settings_dict["NAME"])).resolve().parent)
    if path.resolve().parent in places:
        yield f"{path} lies beside the database or the keys"


def _unsigned(moment: datetime) -> Iterable[str]:
    """A line that has waited for three signatures."""
    late = moment - timedelta(seconds=max(60.0, 3 * settings.HEADS_SECONDS))
    waiting = Entry.objects.filter(seq__gt=last_signed(settings.JOURNAL_HEADS), at__lt=late)
    if waiting.exclude(verb="journal.signed").exists():
        yield "lines of the journal are not signed"


def _silent(moment: datetime) -> Iterable[str]:
    late = moment - timedelta(seconds=max(120.0, settings.LEASE_SECONDS))
    seen = dict(LastRound.objects.values_list("lane", "at"))
    for lane in LANES:
        if lane not in seen:
            yield f"the lane {lane} has never gone round"
        elif seen[lane] < late:
            yield f"the lane {lane} last went round at {seen[lane]:%Y-%m-%d %H:%M} UTC"


def _unopened(moment: datetime) -> Iterable[str]:
    """A letter keeps its hour only: of this and the last one, some wait in the slow lane."""
    late = clock.hour_of(moment) - LONGEST_WAIT
    old = Letter.objects.filter(received_hour__lt=late)
    found = old.aggregate(letters=Count("pk"), first=Min("received_hour"))
    if found["letters"]:
        yield f"letters wait since {found['first']:%Y-%m-%d %H:%M} UTC: {found['letters']}"


def _index(moment: datetime) -> Iterable[str]:
    """Without it near matches are missed, and cards of the campaign wait."""
    folder: Path = settings.HASH_INDEX
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    yield from (f"others can read {f}" for f in [folder, *files] if files and _open_to_others(f))
    late = moment - timedelta(seconds=max(120.0, settings.LEASE_SECONDS))
    note = note_of(folder)
    if note is None:
        yield f"{folder} holds no index"
    elif waits_since(note, late):
        yield "it has not taken in what the lists said a while ago"


def _open_to_others(path: Path) -> bool:
    return bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))


def _unkept(moment: datetime) -> Iterable[str]:
    if not KeepingRule.objects.filter(active=True).exists():
        yield "no policy is loaded: nothing is ever erased"
    elif is_doubted(moment):
        yield "the clock jumped: nothing is erased until a person confirms it"
    for rule in in_force():
        if rule.pk is None:
            yield f"the policy says nothing of {rule.kind}: {rule.days} days hold; give it a rule"


def _skew(site: Site) -> Iterable[str]:
    if connections["default"].vendor == "postgresql":
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            (told,) = cursor.fetchone() or (clock.now(),)
        if abs(told - clock.now()) > MOST_SKEW:
            yield "the database's clock is another"
    try:
        date = site.ask("/robots.txt").one("Date")
    except (OSError, http.client.HTTPException):
        return
    if date and abs(parsedate_to_datetime(date) - clock.now()) > MOST_SKEW:
        yield "the site's clock is another"
