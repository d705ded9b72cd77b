"""Nothing that was fetched is kept: no word of the page, no byte of a picture, anywhere.

Marks stand in the page, its headers and its pictures (before, inside and after what is a picture).
Afterwards every value of every table, and every file of this run, is searched for them. That the
search finds what is there is shown with the picture's hash and the sealed addresses.
"""

import base64
import hashlib
import io
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings as project
from django.db import connections, router
from PIL import Image

from tests.environment import FOLDER, ROOT
from tests.factories import looked
from tests.outside import Says
from vigie.cases.deciding.services import Decision, assess, view_picture
from vigie.cases.models import Classification
from vigie.sandbox.pictures import picture

MARK = b"ocelot-7c1f"
PAGE = b"<!doctype html><title>ocelot-7c1f</title><p>ocelot-7c1f</p><img src='/picture'>"


def _marked_picture() -> bytes:
    """A picture whose metadata and tail hold the mark."""
    image = Image.open(io.BytesIO(picture("cat", "png")))
    exif = Image.Exif()
    exif[0x010E] = MARK.decode()  # ImageDescription
    target = io.BytesIO()
    image.save(target, "JPEG", exif=exif, comment=MARK, quality=90)
    return target.getvalue() + MARK


PICTURE = _marked_picture()
# A stretch of the picture's own coded bytes, from its middle.
CODED = PICTURE[len(PICTURE) // 2 :][:24]


def _spellings(text: bytes) -> list[bytes]:
    """As it is, in hexadecimal, in base 64 (from any of its three beginnings)."""
    shifted = [base64.b64encode(bytes(n) + text)[4:-4] for n in range(3)]
    return [text, text.hex().encode(), text.hex().upper().encode(), *shifted]


def _values() -> Iterator[bytes]:
    """Every value of every table of both databases."""
    for model in apps.get_models(include_auto_created=True):
        rows = model._base_manager.using(router.db_for_read(model)).values_list()
        for row in rows.iterator():
            for value in row:
                yield bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()


def _files(*folders: Path) -> Iterator[bytes]:
    for folder in folders:
        for path in folder.rglob("*"):
            if path.is_file() and not path.is_symlink():
                yield path.read_bytes()


def _is_somewhere(text: bytes, *folders: Path) -> bool:
    wanted = _spellings(text)
    return any(w in found for found in (*_values(), *_files(*folders)) for w in wanted)


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_no_table_and_no_file_holds_a_mark_of_the_page_or_the_picture(
    outside, report_of, analyst, tmp_path, capfd, caplog
):
    outside.site.pages["/page"] = Says(body=PAGE, headers={"X-Mark": MARK.decode()})
    outside.site.pages["/picture"] = Says(body=PICTURE, type="image/jpeg")
    (item,) = report_of(outside.site.url("/page"))
    look = looked(item)
    media = look.media.get()
    assert view_picture(item, media, analyst)[0].outcome == "ok"
    chosen = frozenset({media.pk})
    assess(item, analyst, Decision(Classification.BASELINE, look.pk, picture_ids=chosen))

    sha256 = hashlib.sha256(PICTURE).hexdigest()
    assert media.sha256 == sha256
    folders = FOLDER, tmp_path
    assert _is_somewhere(sha256.encode(), *folders), "the search finds what is there"
    assert not _is_somewhere(MARK, *folders)
    assert not _is_somewhere(CODED, *folders)
    said = "".join(capfd.readouterr()) + caplog.text
    assert MARK.decode() not in said


def test_the_search_would_find_a_mark_in_a_file_and_in_a_spelling(tmp_path):
    for n, spelling in enumerate(_spellings(MARK)):
        (tmp_path / str(n)).write_bytes(b"before" + spelling + b"after")
        assert any(spelling in found for found in _files(tmp_path))
    whole = base64.b64encode(b"xx" + PICTURE)
    assert any(spelling in whole for spelling in _spellings(CODED))


@pytest.mark.pure
def test_a_visit_needs_no_file(outside):
    """The same visit where no file of even one byte can be written (ulimit -f 0)."""
    outside.site.pages["/page"] = Says(body=PAGE)
    outside.site.pages["/picture"] = Says(body=PICTURE, type="image/jpeg")
    script = (
        "import os, sys; from vigie.tracing.visit import *;"
        "found = visit(sys.argv[1], Egress.from_environ(os.environ), Budget(30));"
        "print(found.page.outcome, [p.sha256 for p in found.pictures])"
    )
    command = [sys.executable, "-B", "-c", script, outside.site.url("/page")]
    done = subprocess.run(
        ["sh", "-c", 'ulimit -f 0; exec "$@"', "sh", *command],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert done.stdout == f"ok {[hashlib.sha256(PICTURE).hexdigest()]}\n"


@pytest.mark.django_db(databases="__all__")
def test_every_table_is_searched():
    """A table without a model would be missed: there is none but Django's own migrations list."""
    searched = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    for alias in project.DATABASES:
        with connections[alias].cursor() as cursor:
            tables = set(connections[alias].introspection.table_names(cursor))
        assert tables - searched <= {"django_migrations"}
