"""What is known by MD5, SHA-1 or SHA-256, beside the index of near hashes."""

import hashlib
from pathlib import Path

import pytest

from vigie.lib.seal import Unsealable, new_identity
from vigie.matching.engine.index import Index, State
from vigie.matching.engine.store import NotOurs, Unsafe
from vigie.matching.engine.tests.pictures import colours, saved
from vigie.matching.exact import Value, read_exact, write_exact
from vigie.matching.screen.tests.support import screened

pytestmark = [pytest.mark.pure, pytest.mark.rest]
WORDS, OTHER = b"words", saved(colours(2, 300, 200))


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """Without any PDQ."""
    with Index(tmp_path / "index") as made:
        made.set_list("partner")
    return tmp_path / "index"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "words.txt").write_bytes(WORDS)
    (folder / "other.png").write_bytes(OTHER)
    (folder / "again.jpg").write_bytes(saved(colours(2, 300, 200), "JPEG", quality=50))
    return folder


def test_equal_bytes_are_known_by_any_of_their_values_whatever_file_they_are(folder, index):
    write_exact(
        index,
        [
            Value("md5", hashlib.md5(WORDS).hexdigest(), "partner", 3, "baseline"),
            Value("sha1", hashlib.sha1(OTHER).hexdigest(), "partner", 4, state=State.DISPUTED),
            Value("sha256", hashlib.sha256(OTHER).hexdigest(), "own", 5, "national"),
            Value("sha1", hashlib.md5(WORDS).hexdigest(), "partner", 6),
        ],
    )
    lines = {Path(line["path"]).name: line for line in screened(folder, "--index", index)}
    (found,) = lines["words.txt"]["matches"]
    known = {"class": "baseline", "distance": 0, "state": "active", "action": "propose", "part": 0}
    assert found == {"list": "partner", "entry": 3, "kind": "md5", **known}
    told = [(m["kind"], m["entry"], m["state"]) for m in lines["other.png"]["matches"]]
    assert told == [("sha1", 4, "disputed"), ("sha256", 5, "active")]
    assert lines["again.jpg"]["matches"] == []
    (line,) = screened(folder / "other.png", "--index", index, "--most-bytes", 10)
    assert line["outcome"] == "too_large" and len(line["matches"]) == 2


def test_what_equal_bytes_are_known_by_is_sealed_or_its_owner_s_alone(tmp_path):
    identity, _recipient = new_identity()
    value = "ab" * 16
    for key, name in ((None, "exact.npz"), (identity, "exact.age"), (None, "exact.npz")):
        write_exact(tmp_path, [Value("md5", value, "partner", 3)], key, note=7)
        (path,) = tmp_path.iterdir()
        assert (path.name, path.stat().st_mode & 0o777) == (name, 0o600)
        assert bytes.fromhex(value) not in path.read_bytes()
        exact = read_exact(tmp_path, key)
        assert exact.note == 7 and len(list(exact.find({"md5": value, "sha1": value}))) == 1
    path.chmod(0o640)
    with pytest.raises(Unsafe):
        read_exact(tmp_path)
    write_exact(tmp_path, [], identity)
    for key in (None, new_identity()[0]):
        with pytest.raises((NotOurs, Unsealable)):
            read_exact(tmp_path, key)
