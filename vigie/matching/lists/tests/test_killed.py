"""kill -9 in the middle of a load or a fetch: again; nothing is there twice, nothing is lost."""

import signal
import subprocess
import sys
import threading

import pytest

from tests.environment import ROOT
from vigie.matching.lists.fetching import contract_of, fetch
from vigie.matching.lists.loading import list_named, load_file
from vigie.matching.lists.tests.support import on, partner_list, partners_at, value, vics
from vigie.matching.models import HashList, ListedHash, SetAside
from vigie.sandbox.partners import Partners
from vigie.sandbox.serving import Answer, Request

pytestmark = [pytest.mark.django_db(databases="__all__", transaction=True), pytest.mark.rest]
ROWS = 4_000
# A load that holds still once it is far enough: the moment of the kill is then no matter of luck.
STALLING = """
import sys, time, django
django.setup()
from pathlib import Path
from vigie.matching.lists.loading import list_named, load_file

def stall(read, total, rows):
    if rows >= 1000:
        print("in the middle", flush=True)
        time.sleep(60)

load_file(list_named("a list"), Path(sys.argv[1]), "vics", "tests", progress=stall)
"""


def test_a_killed_load_goes_on_where_it_was(child_environment, tmp_path):
    path = tmp_path / "set.json"
    media = ({"MediaID": n, "MD5": value("md5", n) if n % 1000 else "bad"} for n in range(ROWS))
    path.write_text(vics(media))
    words = [sys.executable, "-c", STALLING, str(path)]
    environment = {**child_environment, "VIGIE_SURFACE": "worker"}
    child = subprocess.Popen(words, cwd=ROOT, env=environment, stdout=subprocess.PIPE)
    assert child.stdout.readline() == b"in the middle\n"
    child.send_signal(signal.SIGKILL)
    child.communicate(timeout=10)
    begun = HashList.objects.get().checkpoint["rows"]
    assert 0 < begun < ROWS
    assert ListedHash.objects.count() + SetAside.objects.count() == begun

    did = load_file(list_named("a list"), path, "vics", "tests")
    assert did.count.new + did.set_aside == ROWS - begun, "what was in is not read again"
    assert ListedHash.objects.count() == ROWS - ROWS // 1000
    assert ListedHash.objects.values("value").distinct().count() == ROWS - ROWS // 1000
    assert SetAside.objects.count() == ROWS // 1000


class Held(Partners):
    """Partners as the sandbox plays them; a second page is held back until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.waits, self.go = threading.Event(), threading.Event()

    def respond(self, request: Request) -> Answer:
        if _goes_on(request):
            self.waits.set()
            self.go.wait(30)
        return super().respond(request)


def _goes_on(request: Request) -> bool:
    """NCMEC's next page, or StopNCII's."""
    return bool({"start", "nextPageToken"} & request.query.keys())


@pytest.mark.parametrize(("name", "values_each"), [("ncmec", 3), ("stopncii", 1)])
def test_a_killed_fetch_goes_on_at_the_page_it_waited_for(
    name, values_each, child_environment, settings, tmp_path
):
    held = Held()
    with partners_at(settings, tmp_path, held.respond):
        environment = {**child_environment, "VIGIE_SURFACE": "worker"}
        environment["VIGIE_KEYS"] = str(settings.KEYS)
        words = [sys.executable, "-m", "vigie.cli", "hashes", "fetch", name]
        child = subprocess.Popen(words, cwd=ROOT, env=environment)
        assert held.waits.wait(30)
        child.send_signal(signal.SIGKILL)
        child.wait(10)
        held.go.set()
        half = len(on(name))
        assert half == values_each * held.page
        held.asked.clear()
        assert fetch(partner_list(name), contract_of(name), "tests")
        assert all(_goes_on(request) for request in held.asked), "what was in is not asked again"
    of_ncmec = {pair for entry in held.entries for pair in entry.fingerprints.items()}
    wanted = {"ncmec": of_ncmec, "stopncii": {("pdq", one.value) for one in held.records}}[name]
    assert on(name) == wanted
    assert ListedHash.objects.count() == len(wanted)
