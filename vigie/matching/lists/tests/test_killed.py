"""kill -9 in the middle of a load: again, and nothing is there twice, nothing is lost."""

import signal
import subprocess
import sys
import time

import pytest

from tests.environment import ROOT
from vigie.matching.lists.loading import list_named, load_file
from vigie.matching.lists.tests.support import value, vics
from vigie.matching.models import HashList, ListedHash, SetAside

pytestmark = pytest.mark.django_db(databases="__all__", transaction=True)
ROWS = 8_000


def test_a_killed_load_goes_on_where_it_was(child_environment, tmp_path):
    path = tmp_path / "set.json"
    media = ({"MediaID": n, "MD5": value("md5", n) if n % 1000 else "bad"} for n in range(ROWS))
    path.write_text(vics(media))
    words = [sys.executable, "-m", "vigie.cli", "hashes", "load", "a list", "vics", str(path)]
    environment = {**child_environment, "VIGIE_SURFACE": "worker"}
    child = subprocess.Popen(words, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    while ListedHash.objects.count() < 1000 and child.poll() is None:
        time.sleep(0.02)
    child.send_signal(signal.SIGKILL)
    assert child.wait(10) == -signal.SIGKILL, "it was in the middle"
    begun = HashList.objects.get().checkpoint["rows"]
    assert 0 < begun < ROWS
    assert ListedHash.objects.count() + SetAside.objects.count() == begun

    did = load_file(list_named("a list"), path, "vics", "tests")
    assert did.count.new + did.set_aside == ROWS - begun, "what was in is not read again"
    assert ListedHash.objects.count() == ROWS - ROWS // 1000
    assert ListedHash.objects.values("value").distinct().count() == ROWS - ROWS // 1000
    assert SetAside.objects.count() == ROWS // 1000
