"""What should not have been sent is shown to nobody: its bytes go, a lead is told."""

import uuid

import pytest

from tests.factories import a_confirmed_item, a_look, an_item, decided, sha256_of
from vigie.campaign.tests.support import examined, hashes, listed, offered, photo, unknown
from vigie.campaign.wall.escalating import escalate, set_aside, tell_leads
from vigie.campaign.wall.examining import examine
from vigie.campaign.wall.faces import count_faces
from vigie.campaign.wall.models import Escalation, Submission
from vigie.campaign.wall.ports import Hit
from vigie.campaign.wall.services import Stale
from vigie.dispatch.tests.support import MailHost
from vigie.journal.models import Entry
from vigie.lib.work import work_off
from vigie.matching.known import known_as
from vigie.matching.lists.tests.support import loaded, value
from vigie.worker.loop import CAMPAIGN, OFFICE, one_round

pytestmark = [pytest.mark.django_db(databases="__all__"), pytest.mark.rest]


@pytest.fixture
def post(settings):
    host = MailHost()
    settings.SMTP_URL = host.url
    yield host
    host.stop()


def tell() -> int:
    rows = Escalation.objects.filter(told_at=None)
    return work_off(rows, tell_leads, lease_seconds=20, retry_seconds=1)


@pytest.mark.parametrize("kind", ["md5", "sha1", "sha256"])
def test_a_picture_on_a_list_is_recognised_by_the_worker_before_anybody_sees_it(
    kind, lead, tmp_path
):
    loaded(tmp_path, kind, getattr(hashes(7), kind).upper(), name="police list")
    row, _token = offered(7)
    one_round(CAMPAIGN)
    assert not Submission.objects.exists()
    kept = Escalation.objects.get()
    assert (kept.why, kept.how, kept.by, kept.submission) == (
        "police list",
        "same",
        "worker",
        row.pk,
    )
    assert (kept.md5, kept.sha1, kept.sha256) == (hashes(7).md5, hashes(7).sha1, hashes(7).sha256)
    assert kept.arrived_hour == row.arrived_hour
    assert Entry.objects.get(verb="card.escalated").subject == row.subject


def test_a_picture_confirmed_on_our_own_desk_is_recognised_too():
    place = "http://192.0.2.10/one.jpg"
    a_confirmed_item("http://galerie.nord.test/a/x", "BE", pictures=[place])
    offered(hashes=hashes(1, sha256=sha256_of(place)))
    one_round(CAMPAIGN)
    kept = Escalation.objects.get()
    assert (kept.why, kept.how) == ("judged here", "same")


def test_one_about_which_two_on_our_own_desk_contradict_each_other_is_set_aside_and_told_so(
    lead, desk_client
):
    place = "http://192.0.2.10/one.jpg"
    a_confirmed_item("http://galerie.nord.test/a/x", "BE", pictures=[place])
    item = an_item("http://galerie.nord.test/a/y")
    decided(item, a_look(item, [place]), "not_illegal")
    offered(hashes=hashes(1, sha256=sha256_of(place)))
    one_round(CAMPAIGN)
    kept = Escalation.objects.get()
    assert (kept.why, kept.how) == ("judged differently", "same")
    lead.language = "en"
    lead.save()
    page = desk_client(lead).get("/campaign/wall/set-aside/").content.decode()
    assert "by two people who contradict each other" in page


PDQ = value("pdq", 1)
NEAR, FAR = f"{int(PDQ, 16) ^ (2**31 - 1):064x}", f"{int(PDQ, 16) ^ (2**32 - 1):064x}"


@pytest.mark.parametrize(("pdq", "known"), [(PDQ, True), (NEAR, True), (FAR, False)])
def test_a_picture_that_is_like_a_listed_one_is_seen_by_nobody_either(pdq, known, tmp_path):
    loaded(tmp_path, "pdq", PDQ, name="police list")
    offered(hashes=hashes(1, pdq=pdq))
    one_round(CAMPAIGN)
    found = [(row.why, row.how) for row in Escalation.objects.all()]
    assert found == [("police list", "like")] * known
    assert Submission.objects.filter(state="waiting").exists() is not known


@pytest.mark.parametrize("known", [True, False])
def test_of_a_sheet_one_known_picture_is_enough(known, tmp_path):
    loaded(tmp_path, "pdq", PDQ, name="police list")
    parts = (value("pdq", 2), NEAR if known else FAR, value("pdq", 3))
    offered(hashes=hashes(1, pdq=FAR, parts=parts))
    one_round(CAMPAIGN)
    assert [row.why for row in Escalation.objects.all()] == ["police list"] * known


def test_while_the_lists_cannot_all_be_asked_nobody_sees_a_picture(tmp_path, settings):
    loaded(tmp_path, "pdq", PDQ, name="police list")
    offered(hashes=hashes(1, pdq=FAR))
    settings.HASH_INDEX.mkdir(mode=0o755)
    one_round(CAMPAIGN)
    row = Submission.objects.get()
    assert (row.state, row.last_error) == ("arrived", "vigie.matching.verdicts.Behind")
    settings.HASH_INDEX.chmod(0o700)
    Submission.objects.update(due_at=row.arrived_hour)
    one_round(CAMPAIGN)
    assert Submission.objects.get().state == "waiting"


def test_a_picture_that_was_judged_harmless_is_no_hit():
    place = "http://192.0.2.10/one.jpg"
    a_confirmed_item(
        "http://galerie.nord.test/a/x", "BE", pictures=[place], classification="not_illegal"
    )
    assert known_as([{"sha256": sha256_of(place)}], {"baseline", "national"}) == [None]


def test_no_byte_of_the_picture_is_left_in_any_table(lead):
    row, _token = offered()
    bytes_before = bytes(row.card)
    examine(row, listed, lambda c: 0)
    values = [v for e in Escalation.objects.values() for v in e.values()]
    assert not any(isinstance(v, (bytes, memoryview)) and len(v) > 64 for v in values)
    assert bytes_before and not Submission.objects.exists()


def test_setting_aside_twice_is_one_escalation_and_one_line():
    row, _token = offered()
    kept = Submission(**{f.attname: getattr(row, f.attname) for f in Submission._meta.fields})
    examine(row, listed, lambda c: 0)
    kept.save(force_insert=True)  # as if the worker had fallen before the bytes were gone
    examine(kept, listed, lambda c: 0)
    assert not Submission.objects.exists()
    assert Escalation.objects.count() == 1
    assert Entry.objects.filter(verb="card.escalated").count() == 1


@pytest.mark.parametrize("again", [5, 4])
def test_whatever_is_sent_with_the_same_page_later_is_set_aside_for_itself(again, post, lead):
    lead.email = "lead@aurore.test"
    lead.save()
    once = uuid.uuid4()
    for number in (4, again):  # another photo, and the very same one once more
        row, _token = examined(number, once=once)
        escalate(row.pk, lead)
    kept = Escalation.objects.order_by("pk")
    assert [one.sha256 for one in kept] == [hashes(n).sha256 for n in (4, again)]
    assert Entry.objects.filter(verb="card.escalated").count() == 2
    assert tell() == 2 and len(post.taken) == 2


def test_one_key_of_who_moderates_does_the_same(lead, desk_client):
    row, _token = examined()
    lead.language = "en"
    lead.save()
    page = (
        desk_client(lead)
        .post("/campaign/wall/", {f"card-{row.pk}": "escalate"}, follow=True)
        .content.decode()
    )
    assert "1 card was set aside. Nobody can see it any more" in page
    assert "describe it to nobody but a lead" in page and "decided" not in page
    assert Escalation.objects.get().why == "person"
    assert Entry.objects.get(verb="card.escalated").detail == '{"why":"person"}'
    with pytest.raises(Stale):
        escalate(row.pk, lead)


def test_the_leads_are_told_by_mail_and_no_word_says_what_it_was(post, lead, analyst):
    lead.email = "lead@aurore.test"
    lead.save()
    row, _token = examined()
    escalate(row.pk, lead)
    assert tell() == 1
    (letter,) = post.taken
    assert letter["To"] == "lead@aurore.test"
    text = letter.get_content()
    assert "/campaign/wall/set-aside/" in text
    assert row.sha256 not in text and "Minou" not in text
    assert Escalation.objects.get().told_at
    assert tell() == 0


def test_where_no_lead_has_an_address_it_stays_among_the_failures(lead, administrator, desk_client):
    row, _token = examined()
    escalate(row.pk, lead)
    tell()
    assert Escalation.objects.get().told_at is None
    page = desk_client(administrator).get("/failures/").content.decode()
    assert "NobodyToTell" in page


def test_a_mail_server_that_fails_keeps_nobody_from_being_told_later(post, lead):
    lead.email = "lead@aurore.test"
    lead.save()
    post.answers["MAIL"] = "451 later"
    row, _token = examined()
    escalate(row.pk, lead)
    tell()
    kept = Escalation.objects.get()
    assert kept.told_at is None and kept.last_error
    post.answers.clear()
    Escalation.objects.update(due_at=kept.at)
    one_round(OFFICE)
    assert len(post.taken) == 1


def test_the_page_says_what_the_instruction_is_and_who_read_it(lead, desk_client, settings):
    row, _token = examined()
    escalate(row.pk, lead)
    lead.language = "en"
    lead.save()
    client = desk_client(lead)
    page = client.get("/campaign/wall/set-aside/").content.decode()
    assert "call your contact at the police" in page
    assert row.sha256 in page
    client.post(f"/campaign/wall/set-aside/{Escalation.objects.get().pk}/")
    client.post(f"/campaign/wall/set-aside/{Escalation.objects.get().pk}/")
    assert Escalation.objects.get().seen_by == lead.actor
    assert f">{lead.name}</div>" in client.get("/campaign/wall/set-aside/").content.decode()
    assert Entry.objects.filter(verb="escalation.seen").count() == 1


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("same", "the same bytes are on the list police"),
        ("like", "resembles one on the list police"),
        ("", "it is on the list police, or resembles one that is"),
    ],
)
def test_the_page_says_no_more_of_a_hit_than_is_known(how, said, lead, desk_client):
    row, _token = offered()
    set_aside(row, Hit("police", same=how == "same"), "worker")
    Escalation.objects.update(how=how)
    lead.language = "en"
    lead.save()
    page = desk_client(lead).get("/campaign/wall/set-aside/").content.decode()
    assert said in page and page.count("the list police") == 1


def test_a_picture_not_compared_yet_is_shown_to_nobody(lead, desk_client):
    client = desk_client(lead)
    row, _token = offered()
    assert client.get(f"/campaign/wall/{row.pk}/small/").status_code == 404
    assert str(row.pk) not in client.get("/campaign/wall/").content.decode()


def test_a_picture_near_an_earlier_one_is_marked_and_another_is_not():
    near, far = "0" * 64, "f" * 64
    examined(1, hashes=hashes(1, pdq=near))
    second, _token = examined(2, hashes=hashes(2, pdq="0" * 56 + "1" * 8))
    third, _token = examined(3, hashes=hashes(3, pdq=far))
    assert (second.flags, third.flags) == ("near", "")


@pytest.mark.parametrize("kind", ["card", "wide"])
def test_a_face_on_either_picture_is_only_a_hint(kind):
    row, _token = offered()
    examine(row, unknown, lambda card: 2 if card == bytes(getattr(row, kind)) else 0)
    row.refresh_from_db()
    assert (row.state, row.flags) == ("waiting", "face")


@pytest.mark.parametrize("data", [b"", b"nothing", photo()[:200]])
def test_what_the_face_finder_cannot_read_is_no_hint(data):
    assert count_faces(data) == 0
