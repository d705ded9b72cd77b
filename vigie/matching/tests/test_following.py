"""The index follows the lists and our judgements: what is asked is answered as things stand now."""

import hashlib
import random
import signal
import subprocess
import sys

import pytest
from django.core.management import call_command

from tests.databases import in_threads
from tests.environment import ROOT
from vigie.lib.keyring import replace
from vigie.lib.seal import new_identity
from vigie.matching import following
from vigie.matching.engine.store import Unsafe
from vigie.matching.following import followed
from vigie.matching.lists import four_eyes
from vigie.matching.lists.feedback import give_feedback
from vigie.matching.lists.tests.support import loaded, value
from vigie.matching.models import ChangeClock, HashList, JudgedHash, ListedHash
from vigie.matching.screen.tests.support import screened
from vigie.matching.services import remember
from vigie.matching.verdicts import Behind, verdicts
from vigie.people.four_eyes import answer

pytestmark = pytest.mark.django_db(databases="__all__")
PDQ = value("pdq", 1)


def near(pdq: str, bits: int, seed: int = 1) -> str:
    """Another value, so many bits away."""
    flips = random.Random(seed).sample(range(256), bits)
    return f"{int(pdq, 16) ^ sum(1 << bit for bit in flips):064x}"


def found(pdq: str, **how) -> list[tuple[str, int]]:
    """List and distance of what is found."""
    (verdict,) = verdicts([{"pdq": pdq}], **how)
    return [(one.entry.list.name, one.distance) for one in verdict.listed]


def put(tmp_path, *values: str, name: str = "a list", meaning: str = "baseline") -> HashList:
    rows = "".join(f"{v},{v[:12]},{meaning}\n" for v in values)
    loaded(tmp_path, "csv", f"pdq,id,classification\n{rows}", name=name)
    return HashList.objects.get(name=name)


def test_what_a_list_gains_and_loses_shows_in_the_next_answer(tmp_path):
    assert found(PDQ) == []
    put(tmp_path, PDQ)
    assert found(near(PDQ, 31)) == [("a list", 31)]
    assert found(near(PDQ, 32)) == []
    entry = ListedHash.objects.get()
    give_feedback(entry, "dispute", "tests")
    assert found(near(PDQ, 31)) == [], "disputed"
    give_feedback(entry, "agree", "tests")
    assert found(near(PDQ, 31)) == [("a list", 31)]
    path = tmp_path / "other.csv"
    path.write_text(f"pdq,id,classification\n{value('pdq', 2)},b,baseline\n")
    loaded(tmp_path, "csv", path.read_text(), replace=True)
    assert found(near(PDQ, 31)) == [], "withdrawn"
    assert found(value("pdq", 2)) == [("a list", 0)]


def test_a_lists_powers_are_those_it_has_now(tmp_path, lead, manager):
    hash_list = put(tmp_path, PDQ)
    put(tmp_path, near(PDQ, 8), name="another")

    def may(**powers) -> None:
        wanted = {"may_confirm": False, "threshold": 31, "active": True, **powers}
        asked = four_eyes.ask_change(hash_list, lead, "r", **wanted)
        answer(asked, four_eyes.CHANGE, manager, approve=True)

    both = [("a list", 20), ("another", 28)]
    asked = near(PDQ, 20, seed=2)
    assert [name for name, _ in found(asked)] == [name for name, _ in both]
    may(threshold=19)
    assert [name for name, _ in found(asked)] == ["another"]
    may(threshold=20)
    assert ("a list", 20) in found(asked)
    may(active=False)
    assert [name for name, _ in found(asked)] == ["another"]
    assert found(asked, within=[hash_list.pk]) == []
    may()
    assert found(asked, within=[hash_list.pk]) == [("a list", 20)]


def test_vigie_screen_knows_by_md5_what_a_list_and_our_own_judgements_know(
    report_of, tmp_path, settings
):
    """Lists with no PDQ at all; what was withdrawn or is harmless is not taken along."""
    (item,) = report_of("http://galerie.nord.test/a/judged")
    files = {n: f"no picture {n}".encode() for n in range(5)}
    md5 = {n: hashlib.md5(data).hexdigest() for n, data in files.items()}
    remember([{"md5": md5[0], "sha256": "a" * 64}], "baseline", item.pk)
    for n, meaning in ((1, "baseline"), (2, "baseline"), (3, "harmless"), (4, "baseline")):
        text = f"md5,id,classification\n{md5[n]},e{n},{meaning}\n"
        loaded(tmp_path, "csv", text, name="MD5 alone")
    mine = ListedHash.objects.filter(list__name="MD5 alone")
    entry = {n: mine.get(external_id=f"e{n}") for n in (1, 2, 4)}
    give_feedback(entry[2], "dispute", "tests")
    ListedHash.objects.filter(pk=entry[4].pk).update(state="withdrawn")
    text = f"md5,id,classification\n{md5[2]},e2,baseline\n"
    loaded(tmp_path, "csv", text, name="another, of what we dispute")
    HashList.objects.update(may_confirm=True)
    call_command("hashes", "index")
    folder = tmp_path / "files"
    folder.mkdir()
    for n, data in files.items():
        (folder / f"{n}.bin").write_bytes(data)
    key = settings.KEYS / "worker.key"
    lines = screened(folder, "--index", settings.HASH_INDEX, "--key", key)
    keys = ("list", "entry", "state", "action")
    told = [[tuple(m[key] for key in keys) for m in line["matches"]] for line in lines]
    own, of_list = JudgedHash.objects.get(), str(entry[1].list_id)
    active = of_list, entry[1].pk, "active", "confirm"
    disputed = of_list, entry[2].pk, "disputed", "propose"
    also = ListedHash.objects.get(list__name__startswith="another")
    doubted = [disputed, (str(also.list_id), also.pk, "active", "propose")]
    assert told == [[("own", own.pk, "active", "propose")], [active], doubted, [], []]


def test_harmless_entries_are_no_answer(tmp_path):
    put(tmp_path, PDQ, meaning="harmless")
    assert found(PDQ) == []


def test_what_was_judged_here_answers_unless_only_lists_are_asked(report_of, tmp_path):
    (item,) = report_of("http://galerie.nord.test/a/judged")
    remember([{"sha256": "a" * 64, "pdq": PDQ}], "baseline", item.pk)
    hash_list = put(tmp_path, near(PDQ, 3))
    values = {"sha256": "b" * 64, "pdq": PDQ}
    (verdict,) = verdicts([values])
    assert (verdict.judged.distance, verdict.listed[0].distance) == (0, 3)
    (verdict,) = verdicts([values], [hash_list.pk], own=False)
    assert verdict.judged is None
    assert len(verdict.listed) == 1


def test_the_folder_holds_no_value_in_clear_and_is_filled_anew_with_another_key(
    tmp_path, settings, monkeypatch
):
    put(tmp_path, PDQ)
    assert found(PDQ) == [("a list", 0)]
    files = [file for file in settings.HASH_INDEX.iterdir() if file.is_file()]
    assert any(file.suffix == ".age" for file in files)
    for file in files:
        assert file.stat().st_mode & 0o077 == 0
        assert bytes.fromhex(PDQ) not in file.read_bytes()
        assert PDQ.encode() not in file.read_bytes()
    keys = tmp_path / "keys"
    keys.mkdir(mode=0o700)
    for key in settings.KEYS.iterdir():
        (keys / key.name).write_bytes(key.read_bytes())
    replace(keys / "worker.key", new_identity()[0].encode())
    settings.KEYS = keys
    following.forget()
    assert found(near(PDQ, 3)) == [("a list", 3)]


def test_an_index_that_others_may_read_is_not_used_and_where_all_must_be_asked_it_says_so(
    tmp_path, settings, caplog
):
    put(tmp_path, PDQ)
    assert found(near(PDQ, 3), whole=True) == [("a list", 3)]
    settings.HASH_INDEX.chmod(0o755)
    following.forget()
    assert found(PDQ) == [("a list", 0)], "equal values need no index"
    assert found(near(PDQ, 3)) == []
    assert "cannot be used" in caplog.text
    with pytest.raises(Behind):
        found(near(PDQ, 3), whole=True)
    with pytest.raises(Unsafe):
        followed().catch_up()


@pytest.mark.parametrize("running", [True, False], ids=["while it serves", "before it starts"])
def test_a_damaged_index_is_filled_anew(running, tmp_path, settings, caplog):
    put(tmp_path, PDQ)
    assert found(near(PDQ, 3), whole=True) == [("a list", 3)]
    manifest = settings.HASH_INDEX / "manifest.json"
    manifest.write_bytes(manifest.read_bytes()[:20])
    if not running:
        following.forget()
    put(tmp_path, value("pdq", 2), name="another")
    assert found(near(PDQ, 3), whole=True) == [("a list", 3)]
    assert found(near(value("pdq", 2), 3), whole=True) == [("another", 3)]
    assert "is damaged, and made anew" in caplog.text


def test_damage_that_only_a_search_meets_is_no_error_of_the_page_and_is_mended(
    tmp_path, settings, caplog
):
    settings.HASH_INDEX_SEALED = False
    put(tmp_path, PDQ)
    assert found(near(PDQ, 3), whole=True) == [("a list", 3)]
    followed().open().merge()
    following.forget()
    (path,) = settings.HASH_INDEX.glob("base-*/states.npy")
    content = bytearray(path.read_bytes())
    content[-1] = 200
    path.write_bytes(content)
    with pytest.raises(Behind):
        found(near(PDQ, 3), whole=True)
    assert "cannot be used: Damaged" in caplog.text
    assert found(near(PDQ, 3), whole=True) == [("a list", 3)]


def test_an_index_that_is_ahead_of_its_database_is_filled_anew(tmp_path):
    """A database put back from a copy says less than the index has heard."""
    put(tmp_path, PDQ)
    put(tmp_path, value("pdq", 3))
    assert found(near(PDQ, 3)) == [("a list", 3)]
    ListedHash.objects.all().delete()
    ChangeClock.objects.update(last=0)
    put(tmp_path, value("pdq", 2))
    assert ChangeClock.objects.get().last == 1
    assert found(near(PDQ, 3)) == []
    assert found(near(value("pdq", 2), 3)) == [("a list", 3)]


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_many_ask_while_lists_change_and_all_agree_in_the_end(tmp_path):
    lists = [put(tmp_path, value("pdq", n), name=f"list {n}") for n in range(4)]
    following.forget()

    def change(n: int) -> None:
        for entry in ListedHash.objects.filter(list=lists[n]):
            for says in ("dispute", "agree", "dispute"):
                give_feedback(entry, says, "tests")

    def ask(n: int) -> list[tuple[str, int]]:
        return [pair for _ in range(5) for pair in found(near(value("pdq", n), 2))]

    ends = in_threads([lambda n=n: change(n) for n in range(2)] + [lambda: ask(3)] * 3)
    assert ends[2:] == [[("list 3", 2)] * 5] * 3
    assert [bool(found(near(value("pdq", n), 2))) for n in range(4)] == [False, False, True, True]


STALLING = """
import sys, time, django
django.setup()
from vigie.matching import following
write = following._write
def slow(index, batch, note):
    write(index, batch, note)
    if index.note:
        print(len(index), flush=True)
        time.sleep(60)
following._write, following.AT_ONCE = slow, 400
following.followed().catch_up(60)
"""


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_a_killed_filling_goes_on_where_it_was(child_environment, tmp_path, settings):
    values = [value("pdq", n) for n in range(1500)]
    put(tmp_path, *values)
    environment = {**child_environment, "VIGIE_SURFACE": "worker"}
    words = [sys.executable, "-c", STALLING]
    child = subprocess.Popen(words, cwd=ROOT, env=environment, stdout=subprocess.PIPE)
    assert 0 < int(child.stdout.readline()) < len(values)
    child.send_signal(signal.SIGKILL)
    child.communicate(timeout=10)
    half = followed().open().note
    assert 0 < half < ChangeClock.objects.get().last
    answers = verdicts([{"pdq": near(v, 5)} for v in values], whole=True)
    assert [[one.distance for one in verdict.listed] for verdict in answers] == [[5]] * len(values)
    assert len(followed().open()) == len(values)
