"""The desk's pages about lists: what takes two people, what leaves once, what is written down."""

import csv
import io
import json
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError

from tests.databases import in_threads
from tests.factories import a_confirmed_item, a_look, sha256_of
from vigie.cases.looks.grounds import ground_of, said_to_be_abuse
from vigie.journal.models import Entry
from vigie.lib import clock
from vigie.matching.lists import disputing, four_eyes
from vigie.matching.lists.lookup import disputed_of, hits, may_confirm, spoken_against
from vigie.matching.lists.tests.support import loaded, on, value
from vigie.matching.models import Export, Feedback, HashList, JudgedHash, ListedHash
from vigie.people.four_eyes import TooLate, answer
from vigie.people.models import PendingAct
from vigie.tracing.selectors import known_of
from vigie.worker.loop import LISTS, one_round

pytestmark = pytest.mark.django_db(databases="__all__")
ASK = {"may_confirm": "on", "threshold": "12", "active": "on", "reason": "agreed with the police"}
MD5 = value("md5", 1)


@pytest.fixture
def on_list(tmp_path) -> HashList:
    loaded(tmp_path, "csv", f"md5,id,classification\n{MD5},a,baseline\nbad,b,baseline\n")
    return HashList.objects.get()


def powers() -> tuple[bool, int]:
    row = HashList.objects.get()
    return row.may_confirm, row.threshold


def verbs() -> list[str]:
    return list(Entry.objects.order_by("seq").values_list("verb", flat=True))


def test_what_a_match_may_do_changes_only_when_a_second_person_approves(
    on_list, desk_client, lead, manager
):
    asking, other = desk_client(lead), desk_client(manager)
    (entry,) = hits({"md5": MD5})
    assert not may_confirm(entry), "a new list proposes"
    asking.post(f"/lists/{on_list.pk}/ask/", ASK)
    assert powers() == (False, 31)
    (asked,) = PendingAct.objects.all()
    own = asking.post(f"/acts/{asked.pk}/", {"answer": "approve"})
    assert (own.status_code, powers()) == (409, (False, 31))
    assert "agreed with the police" in other.get("/acts/").content.decode()
    other.post(f"/acts/{asked.pk}/", {"answer": "approve"})
    assert powers() == (True, 12)
    assert may_confirm(hits({"md5": MD5}).get())
    assert verbs()[-2:] == ["act.asked", "act.answered"]
    again = other.post(f"/acts/{asked.pk}/", {"answer": "refuse"})
    assert again.status_code == 409


def test_a_refusal_or_taking_it_back_changes_nothing(on_list, desk_client, lead, manager):
    for who in (lead, manager):
        asked = four_eyes.ask_change(
            on_list, lead, "r", may_confirm=True, threshold=1, active=False
        )
        desk_client(who).post(f"/acts/{asked.pk}/", {"answer": "refuse"})
        asked.refresh_from_db()
        assert (asked.state, powers()) == ("refused", (False, 31))


def test_a_perceptual_match_never_confirms_and_neither_does_a_dispute(tmp_path):
    text = f"pdq,classification\n{value('pdq', 1)},baseline\n"
    loaded(tmp_path, "csv", text)
    HashList.objects.update(may_confirm=True)
    assert not may_confirm(hits({"pdq": value("pdq", 1)}).get())
    loaded(tmp_path, "csv", f"md5,classification\n{MD5},baseline\n", name="another")
    HashList.objects.update(may_confirm=True)
    entry = hits({"md5": MD5}).get()
    assert may_confirm(entry)
    entry.state = "disputed"
    assert not may_confirm(entry)


def test_the_database_itself_wants_two_people(lead):
    asked = four_eyes.ask_export("csv", lead, "r")
    with pytest.raises(IntegrityError):
        PendingAct.objects.filter(pk=asked.pk).update(answered_by=lead)


@pytest.mark.parametrize("wrong", [{"threshold": "32"}, {"threshold": "-1"}, {"reason": ""}])
def test_what_cannot_be_asked_is_said_on_the_page(on_list, desk_client, lead, wrong):
    answer = desk_client(lead).post(f"/lists/{on_list.pk}/ask/", ASK | wrong)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not PendingAct.objects.exists()


def test_who_runs_the_machines_reads_and_asks_nothing(on_list, desk_client, administrator):
    client = desk_client(administrator)
    page = client.get(f"/lists/{on_list.pk}/").content.decode()
    assert "not a value" in page
    assert MD5 not in page
    assert client.post(f"/lists/{on_list.pk}/ask/", ASK).status_code == 403
    assert not PendingAct.objects.exists()


@pytest.fixture
def two_judged() -> tuple[str, str]:
    """One picture confirmed; one confirmed first and then judged not illegal."""
    kept, freed = "http://192.0.2.10/kept.jpg", "http://192.0.2.10/freed.jpg"
    a_confirmed_item("http://galerie.nord.test/a/1", "BE", pictures=[kept, freed])
    a_confirmed_item(
        "http://galerie.nord.test/a/2", "BE", pictures=[freed], classification="not_illegal"
    )
    rows = JudgedHash.objects.filter(sha256=sha256_of(kept))
    rows.update(md5=value("md5", 1), sha1=value("sha1", 1), pdq=value("pdq", 1))
    return sha256_of(kept), sha256_of(freed)


def approved(layout: str, asks, approves) -> Export:
    asked = four_eyes.ask_export(layout, asks, "for the police")
    answer(asked, four_eyes.EXPORT, approves, approve=True)
    return Export.objects.get()


def test_nobody_is_asked_about_an_empty_file_and_the_one_who_confirms_sees_how_much_leaves(
    desk_client, lead
):
    lead.language = "en"
    lead.save()
    client, asked = desk_client(lead), {"layout": "csv", "export_reason": "for the police"}
    refused = client.post("/lists/export/", asked)
    assert refused.status_code == 409
    assert "we have confirmed no picture yet" in refused.content.decode()
    a_confirmed_item("http://galerie.nord.test/a/1", "BE", pictures=["http://192.0.2.10/kept.jpg"])
    assert client.post("/lists/export/", asked).status_code == 302
    assert "Entries now: 1\n" in client.get("/acts/").content.decode()


@pytest.mark.parametrize("layout", ["vics", "csv"])
def test_our_own_hashes_leave_once_to_the_one_who_asked(
    layout, two_judged, desk_client, lead, manager, tmp_path
):
    kept, freed = two_judged
    values = {kind: value(kind, 1) for kind in ("md5", "sha1", "pdq")} | {"sha256": kept}
    export = approved(layout, lead, manager)
    path = f"/lists/exports/{export.pk}/"
    assert kept.encode() not in bytes(export.content), "sealed while it waits"
    assert desk_client(manager).post(path).status_code == 404
    client = desk_client(lead)
    answer = client.post(path)
    assert answer["Content-Disposition"].startswith("attachment")
    text = answer.content.decode()
    assert kept in text
    assert freed not in text
    if layout == "vics":
        body = json.loads(text)
        assert body["@odata.context"].endswith("/DataModels/2.0.xml/US/$metadata#Media")
        assert [media["Category"] for media in body["value"]] == [1]
        (media,) = body["value"]
        assert (media["MD5"], media["SHA1"]) == (values["md5"].upper(), values["sha1"].upper())
    else:
        (row,) = csv.DictReader(io.StringIO(text))
        assert row == {**values, "classification": "baseline"}
    loaded(tmp_path, layout, text, name="read again")
    assert on("read again") == set(values.items()), "whoever reads it finds all of them"
    assert client.post(path).status_code == 409
    export.refresh_from_db()
    assert export.content is None
    made, taken = (Entry.objects.get(verb=f"hashes.{act}") for act in ("exported", "taken"))
    assert (made.actor, taken.actor) == (manager.actor, lead.actor)
    assert json.loads(made.detail)["sha256"] == json.loads(taken.detail)["sha256"] == export.sha256
    assert json.loads(made.detail)["entries"] == 1


def test_our_export_is_a_file_that_we_can_read_ourselves(two_judged, tmp_path, lead, manager):
    for layout in ("vics", "csv"):
        Export.objects.all().delete()
        content = four_eyes.take(approved(layout, lead, manager), "tests")
        loaded(tmp_path, layout, content, name=layout)
        assert ListedHash.objects.filter(list__name=layout, value=two_judged[0]).exists()


def test_a_file_that_nobody_takes_in_its_hour_is_gone(two_judged, lead, manager):
    export = approved("csv", lead, manager)
    with time_machine.travel(clock.now() + timedelta(minutes=61)):
        with pytest.raises(TooLate):
            four_eyes.take(export, "tests")
        one_round(LISTS)
    export.refresh_from_db()
    assert export.content is None


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_of_two_who_answer_at_once_one_counts_and_the_file_is_taken_once(lead, manager, tmp_path):
    loaded(tmp_path, "md5", MD5)
    asked = four_eyes.ask_export("csv", lead, "r")
    done = in_threads([lambda: answer(asked, four_eyes.EXPORT, manager, approve=True)] * 3)
    assert sorted(type(one).__name__ for one in done) == ["NoneType", "TooLate", "TooLate"]
    export = Export.objects.get()
    done = in_threads([lambda: four_eyes.take(export, "tests")] * 3)
    assert sorted(type(one).__name__ for one in done) == ["TooLate", "TooLate", "bytes"]


def test_a_dispute_says_whether_other_values_under_that_number_still_count(
    tmp_path, desk_client, analyst
):
    analyst.language = "en"
    analyst.save()
    client = desk_client(analyst)
    loaded(tmp_path, "csv", f"id,md5,sha1\n1,{value('md5', 1)},{value('sha1', 1)}\n")
    address = f"/lists/entries/{ListedHash.objects.get(kind='md5').pk}/"
    dispute = address, {"says": "dispute", "reason": "a cat"}
    assert "still count" not in client.post(*dispute, follow=True).content.decode()
    loaded(tmp_path, "csv", f"id,pdq\n1,{value('pdq', 1)}\n")
    assert "still count" in client.post(*dispute, follow=True).content.decode()


def test_a_hash_is_found_and_disputed_by_two_and_neither_is_in_an_address(
    on_list, desk_client, analyst, lead
):
    client = desk_client(analyst)
    page = client.post("/lists/find/", {"kind": "md5", "value": MD5.upper()}).content.decode()
    assert "a list" in page
    sought = Entry.objects.get(verb="hash.sought")
    assert MD5 not in sought.detail
    entry = ListedHash.objects.get()
    client.post(f"/lists/entries/{entry.pk}/", {"says": "dispute", "reason": "a cat"})
    assert hits({"md5": MD5}), "not by one person"
    answer(PendingAct.objects.get(), disputing.KIND, lead, approve=True)
    entry.refresh_from_db()
    assert entry.state == "disputed"
    assert not hits({"md5": MD5})
    assert Feedback.objects.get().due_at is None, "a file has no owner that the program can reach"
    client.post(f"/lists/entries/{entry.pk}/", {"says": "agree", "reason": "no cat"})
    assert not hits({"md5": MD5}), "nor does it count again by one"
    answer(PendingAct.objects.get(state="waiting"), disputing.KIND, lead, approve=True)
    assert hits({"md5": MD5})


def test_a_dispute_takes_a_reason_and_is_asked_once(on_list, desk_client, analyst):
    analyst.language = "en"
    analyst.save()
    client, entry = desk_client(analyst), ListedHash.objects.get()

    def said(reason: str) -> str:
        asked = {"says": "dispute", "reason": reason}
        return client.post(f"/lists/entries/{entry.pk}/", asked, follow=True).content.decode()

    assert "Say why" in said(" ") and not PendingAct.objects.exists()
    assert "A lead or the manager confirms it" in said("a cat")
    assert "Somebody asked this already" in said("a cat")
    assert PendingAct.objects.count() == 1


def test_of_one_person_some_disputes_wait_and_no_more(tmp_path, analyst, monkeypatch):
    monkeypatch.setattr(disputing, "MOST", 2)
    loaded(tmp_path, "md5", "\n".join(value("md5", n) for n in range(3)))
    first, second, third = ListedHash.objects.select_related("list")
    disputing.ask(first, "dispute", analyst, "a cat")
    disputing.ask(second, "dispute", analyst, "a cat")
    with pytest.raises(disputing.TooMany):
        disputing.ask(third, "dispute", analyst, "a cat")


@pytest.mark.parametrize("ends", ["refused", "taken back", "too late"])
def test_while_a_dispute_waits_the_entry_protects_and_decides_nothing(
    report_of, tmp_path, analyst, lead, ends
):
    (item,) = report_of("http://galerie.nord.test/a/listed")
    place = "http://192.0.2.10/one.jpg"
    look = a_look(item, [place])
    loaded(tmp_path, "sha256", sha256_of(place))
    HashList.objects.update(unseen=True, may_confirm=True)
    ListedHash.objects.update(classification="baseline")
    entry = ListedHash.objects.select_related("list").get()

    def grounds():
        (media,) = look.media.all()
        (verdict,) = known_of([media])
        return said_to_be_abuse(verdict), ground_of(media, verdict) is not None

    assert grounds() == (True, True)
    act = disputing.ask(entry, "dispute", analyst, "a cat")
    assert grounds() == (True, False)
    assert spoken_against([(entry.kind, entry.value)]), "nor does policy confirm by it"
    if ends == "too late":
        with time_machine.travel(clock.now() + timedelta(days=8)):
            assert grounds() == (True, True)
        return
    answer(act, disputing.KIND, lead if ends == "refused" else analyst, approve=False)
    assert grounds() == (True, True)
    ListedHash.objects.update(state="withdrawn")
    assert not disputed_of([entry.pk]), "given anew, it is not disputed"


def test_what_two_dispute_is_told_and_shown_as_such(
    report_of, tmp_path, desk_client, analyst, lead
):
    (item,) = report_of("http://galerie.nord.test/a/listed")
    place = "http://192.0.2.10/one.jpg"
    a_look(item, [place])
    loaded(tmp_path, "sha256", sha256_of(place), name="Of the police")
    HashList.objects.update(source="stopncii")
    entry = ListedHash.objects.select_related("list").get()
    act = disputing.ask(entry, "dispute", analyst, "a cat")
    assert not Feedback.objects.exclude(due_at=None).exists()
    lead.language = "en"
    lead.save()
    client = desk_client(lead)
    page = client.get("/acts/").content.decode()
    assert "1 value of it then counts for nobody here any more" in page and "a cat" in page
    answer(act, disputing.KIND, lead, approve=True)
    assert Feedback.objects.get().due_at is not None, "its owner is told"
    page = client.get(f"/queue/items/{item.pk}/").content.decode()
    assert "on a list: Of the police" in page and "disputed by us" in page


def test_what_is_no_value_is_said_and_nothing_is_looked_up(desk_client, analyst):
    answer = desk_client(analyst).post("/lists/find/", {"kind": "md5", "value": "xyz"})
    assert answer.status_code == 422
    assert not Entry.objects.filter(verb="hash.sought").exists()


def test_an_items_page_says_which_list_holds_a_picture_and_its_owner_can_be_told(
    report_of, desk_client, analyst, tmp_path
):
    (item,) = report_of("http://galerie.nord.test/a/listed")
    place = "http://192.0.2.10/one.jpg"
    a_look(item, [place, "http://192.0.2.10/two.jpg"])
    loaded(tmp_path, "sha256", sha256_of(place), name="Of the police")
    client, page = desk_client(analyst), f"/queue/items/{item.pk}/"
    assert client.get(page).content.decode().count("Of the police") == 1
    entry = ListedHash.objects.get()
    asked = {"says": "dispute", "item": item.pk, "reason": "a cat"}
    assert client.post(f"/lists/entries/{entry.pk}/", asked)["Location"] == page
