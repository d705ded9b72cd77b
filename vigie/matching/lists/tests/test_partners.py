"""Partners' lists over real HTTP: by pages, resumable, and against partners that misbehave."""

import hashlib
import json
import time
from datetime import UTC, datetime, timedelta

import pytest

from vigie.journal.models import Entry as Line
from vigie.lib.partner import Limits, Partner, PartnerFailed
from vigie.matching.lists import feedback
from vigie.matching.lists.clients import arachnid, ncmec
from vigie.matching.lists.fetching import NotConfigured, contract_of, fetch, plan_lists
from vigie.matching.lists.lookup import listed
from vigie.matching.lists.partners import BadPartners, contracts
from vigie.matching.lists.tests.support import on, partner_list, partners_at, served, value
from vigie.matching.models import Feedback, HashList, ListedHash, SetAside
from vigie.sandbox.partners import Partners, made_up
from vigie.sandbox.serving import Answer
from vigie.worker.loop import LISTS, one_round

pytestmark = [pytest.mark.django_db(databases="__all__"), pytest.mark.rest]
LATER = datetime(2026, 11, 1, tzinfo=UTC)


def fetched(name: str = "ncmec", **how) -> bool:
    plan_lists()
    return fetch(partner_list(name), contract_of(name), "tests", **how)


def pdqs(name: str) -> set[str]:
    return {value for kind, value in on(name) if kind == "pdq"}


def theirs(partners: Partners) -> set[str]:
    return {e.fingerprints["pdq"] for e in partners.entries if not e.deleted}


def just_now() -> datetime:
    """A second ago: the second that is running belongs to the next window."""
    return datetime.now(UTC) - timedelta(seconds=1)


# --- NCMEC ------------------------------------------------------------------------------------


def test_ncmecs_list_comes_by_pages_and_then_only_what_changed(partners):
    assert fetched()
    assert pdqs("ncmec") == theirs(partners)
    assert len([r for r in partners.asked if r.path.endswith("entries")]) == 3
    entry = ListedHash.objects.get(kind="md5", external_id="e0")
    assert (entry.member, entry.given, entry.classification) == ("42", "A1", "baseline")
    partners.asked.clear()
    partners.entries[0].deleted, partners.entries[0].at = True, just_now()
    partners.entries[1].fingerprints, partners.entries[1].at = made_up(999), just_now()
    assert fetched()
    assert pdqs("ncmec") == theirs(partners)
    assert len(partners.asked) == 1
    assert partner_list("ncmec").read_at


def test_windows_are_asked_in_utc_and_overlap(partners, settings):
    settings.TIME_ZONE = "Europe/Brussels"
    fetched()
    before = partner_list("ncmec").checkpoint["from"]
    assert datetime.fromisoformat(before) < datetime.now(UTC) - timedelta(minutes=9)
    fetched()
    asked = datetime.fromisoformat(partners.asked[-1].query["from"])
    assert asked.utcoffset() == timedelta(0)
    assert abs(asked - datetime.fromisoformat(before)) < timedelta(seconds=1)


def test_the_checkpoint_moves_on_only_when_the_window_is_drained(partners):
    partners.page = 10
    assert not fetched(seconds=0.001), "time is up after a page"
    kept = partner_list("ncmec").checkpoint
    assert kept["cursor"]
    assert kept["from"].startswith("2000")
    partners.entries[5].at += timedelta(seconds=1)
    assert fetched()
    assert pdqs("ncmec") == theirs(partners)
    (line,) = Line.objects.filter(verb="list.fetched")
    assert json.loads(line.detail)["rows"] == len(partners.entries)


def test_a_cursor_that_is_no_longer_taken_means_the_window_once_more(partners, settings, tmp_path):
    partners.page = 50
    fetched(seconds=0.001)
    taken = partners.respond

    def refuse(request):
        return Answer(410) if "start" in request.query else taken(request)

    (tmp_path / "b").mkdir()
    with partners_at(settings, tmp_path / "b", refuse), pytest.raises(PartnerFailed):
        fetched()
    assert "cursor" not in partner_list("ncmec").checkpoint
    (tmp_path / "c").mkdir()
    with partners_at(settings, tmp_path / "c", taken):
        assert fetched()
    assert pdqs("ncmec") == theirs(partners)


def test_bad_entries_are_set_aside_with_their_place_and_the_others_go_in(partners):
    partners.entries[3].fingerprints = {"md5": "nonsense"}
    partners.entries[4].id = ""
    partners.entries[5].fingerprints = {}
    partners.entries[6].fingerprints = {"netclean": "not carried"}
    partners.entries[8].fingerprints = {"md5": hashlib.md5(b"").hexdigest()}
    fetched()
    reasons = sorted(SetAside.objects.values_list("reason", flat=True))
    assert reasons == ["no id", "no value", "not a value", "of an empty file"]
    assert len(pdqs("ncmec")) == len(partners.entries) - 5


BOMB = b"""<?xml version="1.0"?><!DOCTYPE q [<!ENTITY a "aaaaaaaaaa">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><queryResult>&b;</queryResult>"""
OUTSIDE = (
    b"""<!DOCTYPE q [<!ENTITY x SYSTEM "file:///etc/hostname">]><queryResult>&x;</queryResult>"""
)
CIRCLE = b"<queryResult><images/><paging><next>/v2/entries?start=1</next></paging></queryResult>"
AWAY = b"<queryResult><paging><next>https://evil.test/v2/entries</next></paging></queryResult>"
UP = b"<queryResult><paging><next>/../../arachnid/v1</next></paging></queryResult>"


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (BOMB, "no XML"),
        (OUTSIDE, "no XML"),
        (b"<queryResult>", "no XML"),
        (b"<a>" * 20_000, "no XML"),
        (b"\xff\xfe<", "no XML"),
        (b"", "no XML"),
        (b"<html/>", "something else"),
        (CIRCLE, "circle"),
        (AWAY, "elsewhere"),
        (UP, "elsewhere"),
    ],
)
def test_a_hostile_answer_ends_in_a_reason_that_quotes_nothing(settings, tmp_path, body, why):
    with (
        partners_at(settings, tmp_path, lambda request: Answer(200, body)),
        pytest.raises(PartnerFailed, match=why) as failed,
    ):
        fetched()
    assert "evil" not in str(failed.value)
    assert not ListedHash.objects.exists()


def test_after_a_circle_the_window_begins_anew(partners, settings, tmp_path):
    (tmp_path / "b").mkdir()
    with partners_at(settings, tmp_path / "b", lambda r: Answer(200, CIRCLE)):
        with pytest.raises(PartnerFailed):
            fetched()
        assert "cursor" not in partner_list("ncmec").checkpoint


# --- StopNCII ---------------------------------------------------------------------------------


def test_stopnciis_list_by_tokens_and_what_it_takes_back(partners):
    assert fetched("stopncii")
    assert pdqs("stopncii") == {r.value for r in partners.records}
    assert set(ListedHash.objects.values_list("classification", flat=True)) == {"other"}
    newest = max(r.at for r in partners.records)
    assert partner_list("stopncii").checkpoint == {"start": newest}
    partners.records[0].status, partners.records[0].at = "Withdrawn", newest + 5
    partners.records[1].signal, partners.records[1].at = "VideoTMK", newest + 5
    partners.records[2].value, partners.records[2].at = "nonsense", newest + 6
    fetched("stopncii")
    assert partners.records[0].value not in pdqs("stopncii")
    assert SetAside.objects.get().reason == "not a value"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{" * 50_000,
        b'{"hashRecords": 3}',
        b'{"hashRecords": [], "hasMoreRecords": true, "nextPageToken": null}',
        b'{"hashRecords": [], "hasMoreRecords": true, "nextPageToken": "x"}',
    ],
)
def test_answers_that_are_none_of_stopnciis(settings, tmp_path, body):
    with (
        partners_at(settings, tmp_path, lambda request: Answer(200, body)),
        pytest.raises(PartnerFailed),
    ):
        fetched("stopncii")


def test_a_next_time_that_is_absurd_is_not_believed(settings, tmp_path):
    for absurd in ("1" * 300, "-5", '"soon"', "1e300", "null"):
        body = f'{{"hashRecords": [3], "nextSetTimestamp": {absurd}}}'.encode()
        (tmp_path / absurd[:9].strip('"')).mkdir()
        folder = tmp_path / absurd[:9].strip('"')
        with partners_at(settings, folder, lambda r, body=body: Answer(200, body)):
            assert fetched("stopncii")
        assert partner_list("stopncii").checkpoint == {"start": 10}


# --- Arachnid Shield --------------------------------------------------------------------------


def test_arachnid_is_asked_by_pdq_alone_and_answers_near_ones(partners):
    known = made_up(2000)["pdq"]
    near, far = f"{int(known, 16) ^ 0b111:064x}", value("pdq", 5)
    with contract_of("arachnid").connect(5) as partner:
        found = arachnid.check(partner, [near, far])
    assert (found[near].given, found[near].means) == ("csam", "national")
    assert len(found[near].sha256) == 64
    assert (found[far].given, found[far].means) == (arachnid.NOTHING, "")
    (asked,) = partners.asked
    assert set(json.loads(asked.body)) == {"hashes"}


@pytest.mark.parametrize(
    "answer", ["", "[]", "{}", '{"scanned_hashes": {}}', '{"scanned_hashes": 1}']
)
def test_an_answer_that_leaves_a_question_out_is_no_no(answer):
    with (
        served(lambda r: Answer(200, answer.encode())) as base,
        Partner(base) as partner,
        pytest.raises(PartnerFailed),
    ):
        arachnid.check(partner, [value("pdq", 1)])


# --- the line to a partner --------------------------------------------------------------------


def _slow():
    for _ in range(100):
        yield b" "
        time.sleep(0.05)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (Answer(500), "answered 500"),
        (Answer(302, headers=(("Location", "http://127.0.0.1:9/"),)), "answered 302"),
        (Answer(200, b"x" * 2_000_000), "too much"),
        (Answer(200, drip=_slow()), "too long"),
    ],
)
def test_what_a_partner_may_not_do(answer, why):
    limits = Limits(answer_bytes=1_000_000, seconds=0.4)
    with (
        served(lambda request: answer) as base,
        Partner(base, limits=limits) as partner,
        pytest.raises(PartnerFailed, match=why),
    ):
        partner.get("x")


def test_a_partner_that_is_away_is_a_reason_too():
    with (
        Partner("http://127.0.0.1:1") as partner,
        pytest.raises(PartnerFailed, match="not reached"),
    ):
        partner.get("x")


@pytest.mark.pure
@pytest.mark.parametrize("address", ["http://partner.test/", "ftp://127.0.0.1x/", "partner.test"])
def test_credentials_never_leave_without_tls(address):
    with pytest.raises(ValueError, match="https"):
        Partner(address, basic=("a", "b"))


def test_wrong_credentials_are_kept_out_of_what_is_said(partners, settings, caplog):
    path = settings.KEYS / "partners.toml"
    path.write_text(path.read_text().replace("sandbox-demonstration", "a wrong secret word"))
    one_round(LISTS)
    row = partner_list("ncmec")
    assert row.last_error == "vigie.lib.partner.PartnerFailed"
    assert "a wrong secret word" not in caplog.text + repr(contract_of("ncmec"))


# --- what is configured -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "[x]\nprotocol = 'ftp'",
        "[x]\nprotocol = 'ncmec'\nurl = 'https://x.test'\nusername = 'the secret'",
        "[x]\nprotocol = 'arachnid'\nurl = 'u'\nusername = 'a'\npassword = 'the secret'\nhours = 0",
        "x = 'the secret'",
        "[[",
    ],
)
def test_a_file_of_partners_that_cannot_be_used_says_where_and_not_what(tmp_path, text):
    (tmp_path / "partners.toml").touch(mode=0o600)
    (tmp_path / "partners.toml").write_text(text)
    with pytest.raises(BadPartners) as refused:
        contracts(tmp_path)
    assert "the secret" not in str(refused.value)


def test_a_file_of_partners_that_others_can_read_is_refused(partners, settings):
    (settings.KEYS / "partners.toml").chmod(0o640)
    with pytest.raises(BadPartners, match="others"):
        contracts(settings.KEYS)


def test_no_file_means_no_partner(tmp_path):
    assert contracts(tmp_path) == {}
    with pytest.raises(NotConfigured):
        contract_of("nobody")


# --- the worker -------------------------------------------------------------------------------


def test_the_worker_fetches_what_is_due_and_not_again_before_its_time(partners):
    while one_round(LISTS):
        pass
    assert pdqs("ncmec") == theirs(partners)
    assert pdqs("stopncii") == {r.value for r in partners.records}
    partners.asked.clear()
    one_round(LISTS)
    assert not partners.asked
    assert set(HashList.objects.values_list("name", flat=True)) == {"ncmec", "stopncii"}


def test_a_partner_that_fails_is_on_the_page_of_failures_and_tried_again(
    settings, tmp_path, desk_client, manager
):
    with partners_at(settings, tmp_path, lambda r: Answer(500)):
        one_round(LISTS)
    page = desk_client(manager).get("/failures/").content.decode()
    assert page.count("vigie.lib.partner.PartnerFailed") == 2
    row = partner_list("ncmec")
    assert row.attempts == 1
    assert row.due_at > datetime.now(UTC)


def test_feedback_reaches_its_owner_in_their_words_and_again_after_a_failure(
    partners, settings, tmp_path
):
    while one_round(LISTS):
        pass
    own = partners.entries[7].fingerprints
    (of_ncmec,) = listed({"md5": own["md5"]})
    (of_stopncii,) = listed({"pdq": partners.records[0].value})
    feedback.give_feedback(of_ncmec, "dispute", "tests")
    feedback.give_feedback(of_ncmec, "agree", "tests")
    feedback.give_feedback(of_stopncii, "dispute", "tests")
    (tmp_path / "b").mkdir()
    with partners_at(settings, tmp_path / "b", lambda r: Answer(503)):
        one_round(LISTS)
    assert Feedback.objects.filter(sent_at=None, attempts=1).count() == 7, "of each value"
    settings.KEYS = tmp_path / "keys"
    Feedback.objects.update(due_at=LATER - timedelta(days=300))
    one_round(LISTS)
    assert not Feedback.objects.filter(sent_at=None)
    *to_ncmec, (last, blocked) = partners.feedback
    addresses = [f"v2/entries/42/e7/{kind}/feedback" for kind in ("MD5", "PDQ", "SHA1")]
    assert sorted(address for address, _said in to_ncmec) == sorted(addresses * 2)
    noes, yeses = (
        [said for _address, said in to_ncmec[:3]],
        [said for _address, said in to_ncmec[3:]],
    )
    assert all(b"<negative>" in no and b"01234567-abcd" in no for no in noes)
    assert all(b"<affirmative />" in yes for yes in yeses)
    assert last == "v1/SubmitFeedback"
    assert json.loads(blocked)["hashFeedbacks"][0]["feedbackValue"] == "NotBlocked"
    of_stopncii.refresh_from_db()
    assert of_stopncii.state == "disputed"


def test_every_word_of_ncmecs_xml_may_be_missing():
    whole = (
        b"<queryResult><images><image><member id='1'/><timestamp>x</timestamp><id>7</id>"
        b"<classification/><fingerprints><md5>" + b"a" * 32 + b"</md5></fingerprints>"
        b"</image><surprise/></images><paging/></queryResult>"
    )
    rows = ncmec.read_page(whole).rows
    assert [type(row).__name__ for row in rows] == ["Entry", "Bad"]
    for piece in (b"<member id='1'/>", b"<id>7</id>", b"<timestamp>x</timestamp>", b"a" * 32):
        ncmec.read_page(whole.replace(piece, b""))
    far = whole.replace(b"<timestamp>x<", b"<timestamp>0001-01-01T00:00:00+01:00<")
    assert ncmec.read_page(far).rows[0].reason == "time out of range"


def test_a_partner_with_the_name_of_a_file_is_refused_aloud(partners, desk_client, manager):
    HashList.objects.create(name="ncmec")
    one_round(LISTS)
    page = desk_client(manager).get("/failures/").content.decode()
    assert "vigie.matching.lists.partners.BadPartners" in page
