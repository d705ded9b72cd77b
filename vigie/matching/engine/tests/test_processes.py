"""Processes share an index; one that is killed while it writes leaves the old or the new."""

import itertools
import subprocess
import sys
import time

import pytest

from vigie.matching.engine.index import Entry, Index

pytestmark = [pytest.mark.pure, pytest.mark.rest]
# Writes batches of ten for ever, of which each is one answer; every third time it merges.
WRITER = """
import sys
from pathlib import Path
from vigie.matching.engine.index import Entry, Index
index = Index(Path(sys.argv[1]))
print("ready", flush=True)
for batch in range(int(sys.argv[2]), 10**6):
    value = f"{batch:016x}" * 4
    index.change([Entry("near", batch * 10 + one, value) for one in range(10)])
    print(batch, flush=True)
    if batch % 3 == 0:
        index.merge()
"""


def value(batch: int) -> str:
    return f"{batch:016x}" * 4


def whole(index: Index, batch: int) -> bool:
    found = [one for one in index.search(value(batch)).matches if one.distance == 0]
    assert len(found) in (0, 10)
    return bool(found)


def test_kill_9_in_the_middle_of_writing_leaves_whole_batches(tmp_path):
    folder = tmp_path / "index"
    Index(folder).set_list("near")
    told = 0
    for turn in range(4):
        command = [sys.executable, "-c", WRITER, str(folder), str(told)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout.readline() == "ready\n"
            time.sleep(0.06 + 0.033 * turn)
            writer.kill()
            said = writer.stdout.read().split()
        told = max([told, *(int(batch) + 1 for batch in said)])
        index = Index(folder)
        assert all(whole(index, batch) for batch in range(told))
        assert len(index) in (told * 10, told * 10 + 10)
    assert told > 4
    index.change([Entry("near", 10**9, "f" * 64)])
    index.merge()
    assert len({path.name for path in folder.iterdir()}) <= 4  # what was left over is gone


def test_another_process_sees_what_was_written_after_it_looked_again(tmp_path):
    ours = Index(tmp_path / "index")
    ours.set_list("near")
    command = [sys.executable, "-c", WRITER, str(tmp_path / "index"), "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout.readline() == "ready\n"
        for line in itertools.islice(writer.stdout, 8):
            ours.refresh()
            assert whole(ours, int(line))
            ours.change([Entry("near", 10**6 + int(line), "f" * 64)])
        writer.kill()
        writer.stdout.read()
    ours.refresh()
    assert len(ours.search("f" * 64).matches) == 8
    assert all(whole(ours, batch) for batch in range(8))
