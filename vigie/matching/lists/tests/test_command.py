"""`vigie hashes …`, and what became of the lists of earlier versions."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from vigie.matching.lists import four_eyes
from vigie.matching.lists.tests.support import loaded, value
from vigie.matching.models import Feedback, HashList, ListedHash
from vigie.matching.verdicts import verdicts
from vigie.people.four_eyes import answer
from vigie.sandbox.partners import made_up

pytestmark = pytest.mark.django_db(databases="__all__")


def said(capsys, *words: str) -> str:
    call_command("hashes", *words)
    return capsys.readouterr().out


def test_a_file_is_loaded_its_list_is_shown_and_its_owner_answered(tmp_path, capsys):
    path = tmp_path / "list.txt"
    path.write_text(f"{value('md5', 1)}\nbad\n")
    words = said(capsys, "load", " Police list", "md5", str(path))
    assert "1 new values on a new list, Police list" in words
    assert "Police list: 1 values, 1 set aside" in said(capsys, "lists")
    said(capsys, "feedback", "Police list", "md5", value("md5", 1), "dispute")
    assert Feedback.objects.get().says == "dispute"
    path.write_text('{"value": [{')
    with pytest.raises(CommandError, match="to its end"):
        said(capsys, "load", "Police list", "vics", str(path))
    with pytest.raises(CommandError, match="cannot be read"):
        said(capsys, "load", "Police list", "vics", str(tmp_path / "missing"))
    path.write_text(value("md5", 2))
    assert "1 new values on Police list" in said(capsys, "load", "Police list", "md5", str(path))


def test_no_list_is_made_without_a_name_or_for_what_cannot_be_read(tmp_path, capsys):
    path = tmp_path / "list.txt"
    path.write_text(value("md5", 1))
    for name in ("", " ", "x" * 61):
        with pytest.raises(CommandError, match="1 to 60 characters"):
            said(capsys, "load", name, "md5", str(path))
    with pytest.raises(CommandError, match="Is a directory"):
        said(capsys, "load", "A list", "md5", str(tmp_path))
    assert not HashList.objects.exists()


def test_a_partners_list_is_fetched_by_hand_and_no_file_goes_into_it(partners, tmp_path, capsys):
    assert "read to its end" in said(capsys, "fetch", "ncmec")
    assert ListedHash.objects.filter(kind="pdq").count() == len(partners.entries)
    for words in (["fetch", "nobody"], ["fetch", "arachnid"], ["check", "ncmec", "0" * 64]):
        with pytest.raises(CommandError, match="no such partner"):
            said(capsys, *words)
    (tmp_path / "x").write_text("")
    with pytest.raises(CommandError, match="partner's list"):
        said(capsys, "load", "ncmec", "md5", str(tmp_path / "x"))


def test_a_partner_is_asked_about_single_values(partners, capsys):
    known = made_up(2000)["pdq"]
    assert f"{known} csam" in said(capsys, "check", "arachnid", known)
    with pytest.raises(CommandError, match="64 hexadecimal"):
        said(capsys, "check", "arachnid", "zz")


def test_an_export_is_handed_over_once_and_only_after_approval(tmp_path, capsys, lead, manager):
    asked, path = four_eyes.ask_export("csv", lead, "r"), tmp_path / "out.csv"
    with pytest.raises(CommandError, match="confirmed"):
        said(capsys, "export", str(asked.pk), str(path))
    answer(asked, four_eyes.EXPORT, manager, approve=True)
    said(capsys, "export", str(asked.pk), str(path))
    assert path.read_text() == "md5,sha1,sha256,pdq,classification\n"
    assert path.stat().st_mode & 0o077 == 0
    with pytest.raises(CommandError, match="Ask again"):
        said(capsys, "export", str(asked.pk), str(tmp_path / "again"))


@pytest.mark.django_db(databases="__all__", transaction=True)
@pytest.mark.matrix  # two thirds of all migrations back and forth: four seconds
def test_the_values_of_earlier_versions_belong_to_a_list_of_that_name():
    newest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    try:
        MigrationExecutor(connection).migrate([("matching", "0003_hash_lists")])
        old = MigrationExecutor(connection).loader.project_state([("matching", "0003_hash_lists")])
        rows = old.apps.get_model("matching", "ListedHash").objects
        for name in ("one", "two"):
            rows.create(list_name=name, kind="md5", value=value("md5", 1))
        rows.create(list_name="one", kind="pdq", value=value("pdq", 1))
    finally:
        MigrationExecutor(connection).migrate(newest)
    found = HashList.objects.order_by("name").values_list("name", "may_confirm", "threshold")
    assert list(found) == [("one", False, 31), ("two", False, 31)]
    assert ListedHash.objects.filter(list__name="one", state="active", change=1).count() == 2


def test_the_index_is_made_anew_and_tells_its_size(tmp_path, capsys, settings):
    loaded(tmp_path, "pdq", "\n".join(value("pdq", n) for n in range(30)))
    settings.HASH_INDEX.mkdir(mode=0o700)
    (settings.HASH_INDEX / "base-1.age").touch(mode=0o600)  # of a filling that was cut off
    call_command("hashes", "index")
    assert capsys.readouterr().out.startswith(
        f"30 near hashes and 0 of equal bytes in {settings.HASH_INDEX}, 0.0 MB"
    )
    assert verdicts([{"pdq": value("pdq", 3)}], whole=True)
    assert len(list(settings.HASH_INDEX.glob("base-*"))) == 1


def test_what_turned_in_the_index_on_the_disk_is_named(tmp_path, capsys, settings):
    settings.HASH_INDEX_SEALED = False
    loaded(tmp_path, "pdq", "\n".join(value("pdq", n) for n in range(30)))
    said(capsys, "index")
    assert "is what was written" in said(capsys, "verify")
    (path,) = settings.HASH_INDEX.glob("base-*/hashes.npy")
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(CommandError, match="hashes.npy is not what was written"):
        said(capsys, "verify")
    said(capsys, "index")
    assert "is what was written" in said(capsys, "verify")
    (path,) = settings.HASH_INDEX.glob("base-*/sums.json")
    path.unlink()
    with pytest.raises(CommandError, match="older than its checksums"):
        said(capsys, "verify")
