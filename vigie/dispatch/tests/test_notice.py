"""The notice to a host: a text that a person can act on, and the same as XARF v4 for a machine.

XARF is checked against what its published description requires; its values are enumerations.
"""

import json
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from tests.factories import (
    a_confirmed_item,
    a_look,
    an_analyst,
    an_item,
    hosted,
    sha256_of,
)
from vigie.cases.deciding.services import Decision, assess
from vigie.cases.models import Classification, View
from vigie.dispatch.models import Notice
from vigie.dispatch.tests.support import HOST, POLICE, known, one_round, pack_in
from vigie.dispatch.xarf import xarf_report
from vigie.lib import clock

DATABASES = pytest.mark.django_db(databases="__all__")
SITE = "http://galerie.nord.test"
URL = f"{SITE}/a/notice?page=2&of=3"
PICTURES = ["http://galerie.nord.test/i/1.jpg", "http://galerie.nord.test/i/2.jpg"]
REQUIRED = {
    "xarf_version",
    "report_id",
    "timestamp",
    "reporter",
    "sender",
    "source_identifier",
    "category",
    "type",
    "classification",
    "detection_method",
}
METHODS = {"hash_match", "ai_detection", "manual_review", "user_report", "automated_scan"}
PARTY = {"org": "Aurora hotline", "contact": "hotline@aurore.test", "domain": "aurore.test"}


@pytest.fixture
def notice_of(policy, post):
    def sent(url, **more):
        known(HOST)
        a_confirmed_item(url, "NL", abuse_contact=HOST, **more)
        one_round()
        return post.to(HOST)[0]

    return sent


def text_of(letter):
    return letter.get_body(("plain",)).get_content()


def xarf_of(letter):
    (part,) = letter.iter_attachments()
    assert (part.get_filename(), part.get_content_type()) == ("xarf.json", "application/json")
    return json.loads(part.get_content())


@DATABASES
def test_the_machine_readable_half_has_every_field_the_standard_requires(notice_of):
    report = xarf_of(notice_of(URL, pictures=PICTURES))
    assert set(report) == REQUIRED | {"url", "hash_values"}
    assert report["xarf_version"] == "4.0.0"
    assert (report["category"], report["type"]) == ("content", "csam")
    assert report["classification"] in {"baseline", "A1", "A2", "B1", "B2"}
    assert report["detection_method"] in METHODS
    assert report["reporter"] == report["sender"] == PARTY
    assert report["url"] == URL
    assert report["source_identifier"] == "192.0.2.10"
    assert UUID(report["report_id"]).version == 4
    assert UUID(report["report_id"]) == Notice.objects.get().report_id
    when = datetime.fromisoformat(report["timestamp"])
    assert when.tzinfo == UTC
    assert abs(clock.now() - when) < timedelta(minutes=5)


@DATABASES
def test_it_carries_a_hash_and_never_media(notice_of):
    letter = notice_of(URL, pictures=PICTURES)
    assert xarf_of(letter)["hash_values"] == {"sha256": sha256_of(PICTURES[0])}
    kinds = [part.get_content_type() for part in letter.walk() if not part.is_multipart()]
    assert kinds == ["text/plain", "application/json"]
    assert "evidence" not in xarf_of(letter)


@DATABASES
def test_without_a_picture_there_is_no_hash(notice_of):
    assert "hash_values" not in xarf_of(notice_of(URL))


@DATABASES
def test_a_hash_that_nobody_judged_does_not_leave(policy, post):
    """The worker found pictures; the decision named none of them: it may be about the text."""
    known(HOST)
    item = an_item(URL)
    look = a_look(item, PICTURES)
    hosted(look, "NL", abuse_contact=HOST)
    assess(item, an_analyst(), Decision(Classification.BASELINE, look.pk, reason="by its words"))
    one_round()
    letter = post.to(HOST)[0]
    assert "hash_values" not in xarf_of(letter)
    assert pack_in(post.to(POLICE)[0]).items[0].details["hashes"] == []
    for url in PICTURES:
        assert sha256_of(url) not in letter.as_string()


@DATABASES
def test_of_two_pictures_the_one_that_was_judged_leaves(policy, post):
    known(HOST)
    item = an_item(URL)
    look = a_look(item, PICTURES)
    hosted(look, "NL", abuse_contact=HOST)
    second = look.media.get(position=2)
    analyst, seen = an_analyst(), {"outcome": "ok", "sha256": second.sha256}
    View.objects.create(item=item, media=second, by=analyst, at=clock.now(), **seen)
    named = frozenset({second.pk})
    assess(item, analyst, Decision(Classification.BASELINE, look.pk, picture_ids=named))
    one_round()
    assert xarf_of(post.to(HOST)[0])["hash_values"] == {"sha256": sha256_of(PICTURES[1])}
    (only,) = pack_in(post.to(POLICE)[0]).items[0].details["hashes"]
    assert only["sha256"] == sha256_of(PICTURES[1])


@DATABASES
def test_national_material_has_the_human_text_alone(notice_of):
    letter = notice_of(URL, classification="national", pictures=PICTURES)
    assert list(letter.iter_attachments()) == []
    assert URL in text_of(letter).splitlines()


@DATABASES
@pytest.mark.parametrize(
    ("path", "canonical"),
    [
        ("/a?b=1&c=2&amp;d='3'x", "/a?b=1&c=2&amp;d=%273%27x"),
        ("/" + "a" * 1_900, "/" + "a" * 1_900),
        ("/é/ß", "/%C3%A9/%C3%9F"),
        ("/{{org}}/{%if%}/x", "/%7B%7Borg%7D%7D/%7B%if%%7D/x"),
    ],
    ids=["markup", "long", "accents", "template"],
)
def test_the_exact_address_stands_on_a_line_of_its_own_without_markup(path, canonical, notice_of):
    letter = notice_of(SITE + path)
    text = text_of(letter)
    assert SITE + canonical in text.splitlines()
    assert xarf_of(letter)["url"] == SITE + canonical
    assert not {"<", ">"} & set(text)
    assert letter.get_body(("html",)) is None


@DATABASES
def test_the_text_says_who_asks_what_on_what_ground_and_nothing_of_a_reporter(policy, post):
    known(HOST)
    an_item(URL, comment="My neighbour told me.", contact="someone@private.test")
    a_confirmed_item(URL, "NL", abuse_contact=HOST)
    one_round()
    letter, notice = post.to(HOST)[0], Notice.objects.get()
    text = text_of(letter)
    needed = ["Aurora hotline", "child sexual abuse material", "192.0.2.10", notice.reference]
    for words in [*needed, "Please remove it", "in good faith", "hotline@aurore.test"]:
        assert words in text
    for secret in ("neighbour", "private.test", "national", "baseline"):
        assert secret not in text
    assert "nord.test" not in letter["Subject"] + letter["Message-ID"]
    assert (letter["From"], letter["To"]) == ("hotline@aurore.test", HOST)
    assert letter["Auto-Submitted"] == "auto-generated"


@pytest.mark.pure
@pytest.mark.parametrize("decided", ["national", "other_illegal", "not_illegal", "", "A1"])
def test_what_xarf_has_no_word_for_makes_no_report(decided):
    organisation, moment = PARTY, datetime(2026, 11, 24, 12, tzinfo=UTC)
    report = xarf_report(
        report_id=UUID(int=4),
        url=URL,
        ip="",
        classification=decided,
        sha256=[],
        organisation=organisation,
        moment=moment,
    )
    assert report is None


@pytest.mark.pure
def test_without_an_ip_the_source_is_the_address():
    report = xarf_report(
        report_id=UUID(int=4),
        url=URL,
        ip="",
        classification="baseline",
        sha256=[],
        organisation=PARTY,
        moment=datetime(2026, 11, 24, 13, 0, 0, tzinfo=UTC),
    )
    assert report is not None
    assert report["source_identifier"] == URL
    assert report["timestamp"] == "2026-11-24T13:00:00Z"
