"""Many items and reports, quickly: the first some thousand are made by our own code, the rest are
copies of these, made inside PostgreSQL. SQLite has no such rows to copy with: all are made by us.
"""

import hashlib
import json
import time
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import connection, models, transaction

from vigie.intake.models import Letter, Report
from vigie.intake.services import NewReport, receive
from vigie.items import keys
from vigie.items.models import Item, Mention
from vigie.items.ranking import rank_of
from vigie.items.services import open_letter
from vigie.lib import clock
from vigie.matching.following import caught_up
from vigie.matching.lists.writing import tick
from vigie.matching.models import JudgedHash
from vigie.tracing.models import Hosting, Look, Media
from vigie.tracing.selectors import VALUES

FLOOD, LOT, DOMAINS = uuid.UUID(int=78), 5_000, 20_000
PICTURES = 2  # of each item
MADE = 10_000  # by our own code, where the rest are copies
AT_ONCE = 1_000_000  # rows of one statement
COUNTRIES = ["BE", "NL", "FR", "US", "RO", "", "PT", "LU"]
Expressions = dict[str, str]  # by column: how it differs from the row that is copied


def fill(items: int, reports: int) -> None:
    """Items of which a tenth wait, each with a look and its pictures; reports, each names one."""
    begun = time.monotonic()
    copied = connection.vendor == "postgresql" and items > MADE
    _make(MADE if copied else items)
    if copied:
        _copy(items // MADE - 1)
    if reports:
        _report(items, reports)
    if connection.vendor == "postgresql":  # what its own housekeeping would do meanwhile
        _run("VACUUM (ANALYZE)")
        _run("CHECKPOINT")
    else:
        _run("ANALYZE")
    caught_up()  # as the worker sees to it
    filled = {"bench": f"filled: {items} items, {reports} reports, {connection.vendor}"}
    size = round(_bytes() / 1e9, 2)
    told = {**filled, "seconds": round(time.monotonic() - begun), "gigabytes": size}
    print(json.dumps(told), flush=True)


def _make(items: int) -> None:
    moment, sealed = clock.now(), keys.sealed("http://bench.test/")
    for at in range(0, items, LOT):
        made = [_item(n, moment, sealed) for n in range(at, min(at + LOT, items))]
        Item.objects.bulk_create(made)
        looks = [Look(item=i, at=moment, outcome="ok", status=200) for i in made]
        Look.objects.bulk_create(looks)
        pictures = [m for n, k in enumerate(looks, start=at) for m in _media(n, k)]
        Media.objects.bulk_create(pictures)
        _judge(pictures, moment)
        Hosting.objects.bulk_create(Hosting(look=k, ip="192.0.2.1", country="BE") for k in looks)


def _item(n: int, moment: datetime, sealed: bytes) -> Item:
    waits = n % 10 == 0
    item = Item(
        kind="app" if n % 5_000 == 20 else "web",
        locator=sealed,
        locator_hash=n.to_bytes(32, "big"),
        domain_hash=(n % DOMAINS).to_bytes(32, "big"),
        state="to_assess" if waits else ("closed", "removed", "referred")[n % 3],
        classification="" if waits or n % 3 == 0 else "baseline",
        flood=FLOOD if waits and n % 50 in (0, 10) else None,
        danger=n % 2_000 == 30,
        urgent=n % 2_000 == 30,
        report_count=1 + n % 17,
        country=COUNTRIES[n * 7 % 8],
        material=("", "new", "known")[n % 3],
        created_at=moment - timedelta(minutes=n % 500_000),
        changed_at=moment,
    )
    item.rank = rank_of(item)
    return item


def _media(n: int, look: Look) -> Iterator[Media]:
    """The pictures of a look, each unlike every other."""
    for position in range(1, PICTURES + 1):
        sha256 = hashlib.sha256(f"{n} {position}".encode()).hexdigest()
        yield Media(
            look=look,
            position=position,
            url=look.item.locator,
            outcome="ok",
            md5=sha256[:32],
            sha1=sha256[:40],
            sha256=sha256,
            pdq=sha256[::-1],
            quality=100,
            mime="image/jpeg",
            width=640,
            height=480,
            size=80_000,
        )


def _judge(pictures: list[Media], moment: datetime) -> None:
    """A third of the items that wait have pictures that are known, each judged on another item."""
    with transaction.atomic():
        change = tick()
        JudgedHash.objects.bulk_create(
            JudgedHash(
                **{kind: getattr(media, kind) for kind in VALUES},
                classification="baseline",
                item_id=media.look.item_id + 1,
                at=moment,
                change=change,
            )
            for media in pictures
            if media.look.item.state == "to_assess" and media.look.item_id % 3 == 0
        )


def _copy(times: int) -> None:
    """Each copy a second older than the one before, so with a rank that is one less."""
    _rows(Item, times, {
        "id": f"id + n * {MADE}",
        "locator_hash": "sha256(locator_hash || int4send(n))",
        "created_at": "created_at - n * interval '1 second'",
        "rank": "rank - n",
    })  # fmt: skip
    of_item = f"item_id + n * {MADE}"
    _rows(Look, times, {"id": f"id + n * {MADE}", "item_id": of_item})
    of_look = f"look_id + n * {MADE}"
    _rows(Hosting, times, {"id": f"id + n * {MADE}", "look_id": of_look})
    values = {
        name: f"left(encode(sha256(({name} || ' ' || n)::bytea), 'hex'), length({name}))"
        for name in VALUES
    }
    _rows(Media, times, {"id": f"id + n * {MADE * PICTURES}", "look_id": of_look, **values})
    judged = JudgedHash.objects.count()
    _rows(JudgedHash, times, {"id": f"id + n * {judged}", "item_id": of_item, **values})


def _report(items: int, reports: int) -> None:
    """One real report, sealed as any; the others are its copies with numbers of their own."""
    receive(NewReport(where="http://reported.bench.test/", comment="as reporters write " * 10))
    for letter in Letter.objects.all():
        open_letter(letter)
    first = Report.objects.get()
    Mention.objects.filter(report=first).delete()
    if connection.vendor != "postgresql":
        _report_by_us(first, items, reports)
        return
    low = Item.objects.earliest("pk").pk
    for at in range(0, reports, AT_ONCE):
        upto = min(at + AT_ONCE, reports)
        new = {"id": f"id + n + {at}", "letter_id": "gen_random_uuid()"}
        new["received_hour"] = f"received_hour - (n + {at}) % 50000 * interval '1 hour'"
        _rows(Report, upto - at, new, f"id = {first.pk}")
        names = f"SELECT {first.pk} + n + {at}, {low} + (n + {at}) % {items}"
        _run(
            f"INSERT INTO items_mention (report_id, item_id) {names} "  # noqa: S608  our own numbers
            f"FROM generate_series(1, {upto - at}) AS n"
        )


def _report_by_us(first: Report, items: int, reports: int) -> None:
    low = Item.objects.earliest("pk").pk
    for at in range(0, reports, LOT):
        numbers = range(at, min(at + LOT, reports))
        same = {"received_hour": first.received_hour, "last_word_at": first.last_word_at}
        rows = [Report(letter_id=uuid.uuid4(), words=first.words, **same) for _ in numbers]
        Report.objects.bulk_create(rows)
        Mention.objects.bulk_create(
            Mention(report=row, item_id=low + n % items)
            for n, row in zip(numbers, rows, strict=True)
        )


def _rows(model: type[models.Model], times: int, new: Expressions, where: str = "true") -> None:
    """``times`` copies of the rows of a table, with what is ``new`` about each."""
    columns = [field.column for field in model._meta.concrete_fields]
    chosen = ", ".join(new.get(column, f'"{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    table = model._meta.db_table
    _run(
        f"INSERT INTO {table} ({names}) SELECT {chosen} FROM {table}, "  # noqa: S608  our own
        f"generate_series(1, {times}) AS n WHERE {where}"
    )
    # What our own code writes next has the number after the copies'.
    _run(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")  # noqa: S608


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _bytes() -> int:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_database_size(current_database())")
        else:
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
        return int(cursor.fetchone()[0])
