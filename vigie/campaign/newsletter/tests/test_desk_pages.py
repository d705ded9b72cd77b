"""The desk's pages: who may, what is typed stays, what was approved stays, the list as a file."""

import csv
import io

import pytest

from conftest import person
from vigie.campaign.newsletter.export import FORMULA, safe
from vigie.campaign.newsletter.models import Edition, Proof
from vigie.campaign.newsletter.tests.support import (
    MINOU,
    TEXTS,
    an_approved_edition,
    an_edition,
    readers,
    rounds,
    told,
)
from vigie.people.models import PendingAct
from vigie.staff.permissions import Role

pytestmark = pytest.mark.django_db(databases="__all__")
BASE = "/campaign/newsletter/"


@pytest.fixture
def editor(db):
    return person(Role.EDITOR)


@pytest.fixture
def desk(desk_client, editor):
    editor.language = "en"
    editor.save()
    return desk_client(editor)


def typed(version: int = 0, **more: str) -> dict[str, str]:
    fields = {f"subject_{code}": words.subject for code, words in TEXTS.items()}
    bodies = {f"body_{code}": words.body for code, words in TEXTS.items()}
    return {"version": str(version), **fields, **bodies, **more}


def text_of(answer) -> str:
    return answer.content.decode()


def test_the_editor_lands_on_the_campaigns_and_finds_the_newsletter_in_the_menu(desk):
    assert desk.get("/")["Location"] == "/campaign/"
    assert f'<a href="{BASE}" aria-current="page">Newsletter</a>' in text_of(desk.get(BASE))


def test_an_edition_is_written_seen_and_sent(desk, editor, post):
    readers(MINOU)
    answer = desk.post(f"{BASE}new/", typed())
    edition = Edition.objects.get()
    assert answer["Location"] == f"{BASE}{edition.pk}/"
    page = text_of(desk.get(f"{BASE}{edition.pk}/preview/"))
    for words in TEXTS.values():
        assert words.subject in page
    assert "/newsletter/unsubscribe/test/" in page
    assert "It goes to 1 subscriber." in text_of(desk.get(f"{BASE}{edition.pk}/"))
    desk.post(f"{BASE}{edition.pk}/send/", {"version": edition.version})
    rounds()
    assert post.sent_to == [MINOU]
    assert [line.actor for line in told("edition.approved")] == [editor.actor]
    assert "1 / 1" in text_of(desk.get(BASE))


def test_a_draft_may_lack_a_language_and_then_cannot_be_sent(desk):
    readers(MINOU)
    desk.post(f"{BASE}new/", typed(body_de=""))
    edition = Edition.objects.get()
    page = text_of(desk.get(f"{BASE}{edition.pk}/"))
    assert "once it is written in all four languages" in page
    assert "/send/" not in page
    answer = desk.post(f"{BASE}{edition.pk}/send/", {"version": 1})
    assert answer.status_code == 409
    assert Edition.objects.get().state == "draft"


def test_what_was_typed_stays_when_a_colleague_was_quicker(desk):
    edition = an_edition()
    desk.post(f"{BASE}{edition.pk}/write/", typed(1, subject_fr="La première"))
    answer = desk.post(f"{BASE}{edition.pk}/write/", typed(1, subject_fr="La seconde"))
    assert answer.status_code == 409
    assert 'value="La seconde"' in text_of(answer)
    assert edition.texts.get(language="fr").subject == "La première"


def test_a_text_that_is_too_long_stays_on_the_page(desk):
    answer = desk.post(f"{BASE}new/", typed(body_fr="x" * 20_001))
    assert answer.status_code == 422
    assert "x" * 20_001 in text_of(answer)
    assert not Edition.objects.exists()


@pytest.mark.parametrize("version", ["", "0", "2", "x", "9" * 30, "-1", "²"])
def test_a_send_button_of_another_version_sends_nothing(desk, version):
    edition = an_edition()
    answer = desk.post(f"{BASE}{edition.pk}/send/", {"version": version})
    assert answer.status_code == 409
    assert Edition.objects.get().state == "draft"


def test_an_approved_edition_offers_stopping_and_no_writing(desk, post):
    readers(MINOU)
    edition = an_approved_edition()
    page = text_of(desk.get(f"{BASE}{edition.pk}/"))
    assert f"{BASE}{edition.pk}/write/" not in page
    assert desk.get(f"{BASE}{edition.pk}/write/").status_code == 302
    assert desk.post(f"{BASE}{edition.pk}/write/", typed(1)).status_code == 409
    assert desk.post(f"{BASE}{edition.pk}/stop/").status_code == 302
    assert desk.post(f"{BASE}{edition.pk}/stop/").status_code == 409
    rounds()
    assert post.taken == []


def test_a_test_needs_an_address_that_can_be_one_and_a_language_that_is_written(desk):
    desk.post(f"{BASE}new/", typed(body_de=""))
    url = f"{BASE}{Edition.objects.get().pk}/test/"
    for sent in (
        {"address": "not one", "language": "fr"},
        {"address": "a@x.test\nBcc: b@x.test", "language": "fr"},
        {"address": "a\0@x.test", "language": "fr"},
        {"address": MINOU, "language": "de"},
        {"address": MINOU, "language": "xx"},
    ):
        assert desk.post(url, sent).status_code == 422
    assert not Proof.objects.exists()
    assert desk.post(url, {"address": MINOU, "language": "fr"}).status_code == 302
    assert Proof.objects.count() == 1


def test_the_manager_takes_the_list_out_once_a_colleague_confirmed(manager, lead, desk_client):
    readers(MINOU, "mimi+a@aurore.test", language="nl")
    readers("=1+1@aurore.test", "-x@aurore.test")
    client = desk_client(manager)
    assert client.post(f"{BASE}export/").status_code == 409, "nobody has confirmed"
    client.post(f"{BASE}export/ask/", {"reason": "for the new sender"})
    (asked,) = PendingAct.objects.all()
    client.post(f"/acts/{asked.pk}/", {"answer": "approve"})
    assert client.post(f"{BASE}export/").status_code == 409, "nor can who asked"
    assert told("newsletter.exported") == []
    desk_client(lead).post(f"/acts/{asked.pk}/", {"answer": "approve"})
    answer = client.post(f"{BASE}export/")
    assert answer["Content-Type"].startswith("text/csv")
    assert "attachment" in answer["Content-Disposition"]
    head, *rows = csv.reader(io.StringIO(answer.getvalue().decode()))
    assert head == ["email", "language", "month"]
    assert {row[0] for row in rows} == {
        MINOU,
        "mimi+a@aurore.test",
        "'=1+1@aurore.test",
        "'-x@aurore.test",
    }
    assert {row[1] for row in rows} == {"nl", "fr"}
    assert all(len(row[2]) == 7 for row in rows)
    (line,) = told("newsletter.exported")
    assert (line.actor, line.subject) == (manager.actor, "newsletter")
    assert "4" in line.detail
    assert "aurore" not in line.detail
    assert client.post(f"{BASE}export/").status_code == 409, "once"


def test_the_editor_does_not_take_the_list_out(desk):
    assert "export" not in text_of(desk.get(BASE))
    assert desk.post(f"{BASE}export/").status_code == 403
    assert told("newsletter.exported") == []


def test_no_page_shows_a_subscriber_s_address(desk, post):
    readers(MINOU)
    edition = an_approved_edition()
    post.answers = {"RCPT": "451 4.7.1 later"}
    rounds()
    for path in (BASE, f"{BASE}{edition.pk}/", f"{BASE}{edition.pk}/preview/", "/journal/"):
        assert MINOU not in text_of(desk.get(path))


@pytest.mark.pure
@pytest.mark.parametrize("begins", FORMULA)
def test_no_cell_is_a_formula(begins):
    assert safe(f"{begins}cmd|' /C calc'!A0") == f"'{begins}cmd|' /C calc'!A0"
    assert safe("minou@aurore.test") == "minou@aurore.test"
