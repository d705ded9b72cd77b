"""What is due is erased, counted and proven; a message prolongs it, a hold stops it."""

import json
import signal
import subprocess
import sys
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session

from tests.databases import in_threads
from tests.environment import ROOT
from tests.factories import a_confirmed_item, a_look, an_item, decided, hosted
from vigie.cases.deciding.reopening import reopen
from vigie.cases.models import Assessment, Classification, View
from vigie.dispatch.models import Notice, Referral
from vigie.dispatch.policy import rule_for
from vigie.figures.selectors import figures
from vigie.intake import services
from vigie.intake.models import Addition, Letter, Report, ShownReceipt
from vigie.intake.receipts import mint
from vigie.items.flow import IllegalMove, Stale, State
from vigie.items.models import Item, ReceiptCourse
from vigie.items.services import hold_item, open_letter
from vigie.journal.models import Entry
from vigie.journal.verbs import Verb
from vigie.keeping.erasing import _still, digest, erase_due
from vigie.keeping.guard import ClockDoubted, last_trusted
from vigie.keeping.holds import NoSuchThing, lift_hold, named, place_hold
from vigie.keeping.kinds import BY_NAME
from vigie.keeping.models import Erased, Hold, KeepingRule
from vigie.keeping.policy import POLICIES, BadPolicy, load_retention
from vigie.lib import clock
from vigie.matching.models import JudgedHash
from vigie.tracing.models import Hosting, Media, MediaPart
from vigie.watch.services import plan_checks
from vigie.worker.rounds import Seldom

pytestmark = [pytest.mark.django_db(databases="__all__"), pytest.mark.rest]


def closed(where: str, **words: Any) -> Item:
    """An item that was reported, looked at and dismissed."""
    item = an_item(where, **words)
    look = a_look(item, [f"{where}/1.jpg"])
    hosted(look, "BE")
    decided(item, look, Classification.NOT_ILLEGAL)
    item.refresh_from_db()
    return item


def report_of(item: Item) -> Report:
    return Report.objects.get(mentions__item=item)


def lines(kind: str) -> list[dict[str, object]]:
    found = Entry.objects.filter(verb=Verb.DATA_ERASED, subject=f"kind:{kind}").order_by("seq")
    return [json.loads(line.detail) for line in found]


def erase_all() -> int:
    done = 0
    while some := erase_due():
        done += some
    return done


# --- words ------------------------------------------------------------------------------------


def test_words_are_erased_on_their_day_counted_and_proven(retention, later):
    item = closed("https://a.test/x", comment="mine", own=True)
    services.add(report_of(item).letter_id, services.More("more", {"comment": "and this"}))
    open_letter(Letter.objects.get())
    report = report_of(item)
    assert report.own
    later(179)
    assert erase_due() == 0
    later(1.1)
    assert erase_due() == 1 and erase_due() == 0, "once"
    report.refresh_from_db()
    assert report.is_erased and not report.own and not Addition.objects.exists()
    (line,) = lines("words")
    assert (line["rows"], line["policy"]) == (1, "demonstration 1")
    assert line["digest"] == digest([report.pk]) != digest([report.pk + 1])
    assert Erased.objects.get(kind="words").rows == 1


def test_a_message_of_the_reporter_prolongs_it(retention, later):
    item = closed("https://a.test/x", comment="mine")
    later(179)
    services.add(report_of(item).letter_id, services.More("more", {"comment": "and this"}))
    open_letter(Letter.objects.get())
    later(5)
    assert erase_due() == 0
    assert not report_of(item).is_erased and Addition.objects.count() == 1
    later(176)
    assert erase_due() == 1
    assert report_of(item).is_erased and not Addition.objects.exists()


def test_a_message_or_a_hold_that_comes_at_the_last_moment_still_keeps_it(retention, later, lead):
    first, second = closed("https://a.test/x"), closed("https://b.test/x")
    keys = [report_of(first).pk, report_of(second).pk]
    later(181)
    before = clock.now() - timedelta(days=180)
    assert _still(BY_NAME["words"], before, keys) == keys
    services.add(report_of(first).letter_id, services.More("more", {"comment": "and this"}))
    open_letter(Letter.objects.get())
    place_hold(second, "A court asked for it.", lead)
    assert _still(BY_NAME["words"], before, keys) == []


def test_what_is_added_to_a_report_without_words_is_kept_its_own_time(retention, later):
    item = closed("https://a.test/x")
    later(181)
    erase_all()
    services.add(report_of(item).letter_id, services.More("more", {"comment": "much later"}))
    open_letter(Letter.objects.get())
    later(100)
    assert erase_due() == 0 and Addition.objects.count() == 1
    later(81)
    assert erase_due() == 1 and not Addition.objects.exists()


def test_words_stay_while_an_item_of_them_is_on_the_road(retention, later):
    open_item = an_item("https://a.test/x")
    later(400)
    assert erase_due() == 0
    assert not report_of(open_item).is_erased


# --- holds ------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["item", "report"])
def test_a_hold_with_a_reason_stops_it_until_it_is_lifted(retention, later, lead, what):
    item, other = closed("https://a.test/x"), closed("https://b.test/x")
    thing = item if what == "item" else report_of(item)
    hold = place_hold(thing, "A court asked for it.", lead)
    later(2000)
    erase_all()
    item.refresh_from_db(), other.refresh_from_db()
    assert not item.is_erased and not report_of(item).is_erased
    assert other.is_erased and report_of(other).is_erased
    with pytest.raises(Stale):
        place_hold(thing, "again", lead)
    lift_hold(hold, lead)
    with pytest.raises(Stale):
        lift_hold(hold, lead)
    erase_all()
    item.refresh_from_db()
    assert item.is_erased and report_of(item).is_erased
    verbs = [Verb.HOLD_PLACED, Verb.HOLD_LIFTED]
    told = Entry.objects.filter(verb__in=verbs).order_by("seq")
    assert [(e.verb, e.subject, e.actor) for e in told] == [
        (verb, thing.subject, lead.actor) for verb in verbs
    ]
    assert "court" not in "".join(entry.detail for entry in told)


def test_what_the_police_hold_stays(retention, later, lead):
    item = closed("https://a.test/x")
    hold_item(item, lead.actor, held=True)
    later(4000)
    assert erase_due() == 0
    hold_item(item, lead.actor, held=False)
    assert erase_all() > 0


def test_a_code_ends_in_its_time_whatever_is_held_or_it_would_tell_of_the_hold(
    retention, later, lead
):
    held = closed("https://a.test/x", receipt=mint("en"))
    closed("https://b.test/x", receipt=mint("en"))
    ShownReceipt.objects.update(course="closed")
    hold_item(held, lead.actor, held=True)
    place_hold(report_of(held), "A court asked for it.", lead)
    later(380)
    erase_all()
    assert not ShownReceipt.objects.exists() and not report_of(held).is_erased


def test_a_hold_needs_a_reason_and_something_to_hold(retention, lead):
    item = closed("https://a.test/x")
    assert named(f"i-{item.pk} ") == item and named(f"report {report_of(item).pk}") == report_of(
        item
    )
    for text in ("", "I-0", "I-99999999999999999999", "R-1", "12", "report x"):
        with pytest.raises(NoSuchThing):
            named(text)
    with pytest.raises(ValueError, match="reason"):
        place_hold(item, "  ", lead)
    assert not Hold.objects.exists()


# --- the other kinds -----------------------------------------------------------------------------


def test_an_address_and_what_was_found_there_end_and_the_decision_stays(retention, later):
    item = closed("https://a.test/x")
    JudgedHash.objects.create(sha256="a" * 64, classification="baseline", item=item, at=clock.now())
    MediaPart.objects.create(media=Media.objects.get(), position=1, pdq="b" * 64)
    Media.objects.update(md5="b" * 32, sha1="c" * 40)
    later(1000)
    erase_all()
    item.refresh_from_db()
    assert not item.is_erased
    later(96)
    erase_all()
    item.refresh_from_db()
    assert item.is_erased and item.domain_hash is None and item.state == State.CLOSED
    assert not Hosting.objects.exists()
    media = Media.objects.get()
    assert (bytes(media.url), media.sha256, media.pdq) == (b"", "", "")
    assert not MediaPart.objects.exists()
    assert (media.md5, media.sha1) == ("", "")
    assert Assessment.objects.get().classification == Classification.NOT_ILLEGAL
    assert JudgedHash.objects.count() > 0
    assert lines("items")[0]["digest"] == digest([item.pk])
    with pytest.raises(IllegalMove):
        reopen(item, View.objects.none().first())
    again = an_item("https://a.test/x")
    assert again.pk != item.pk and again.state == State.NEW, "nothing says that it was known"


def test_a_later_report_of_it_prolongs_an_item(retention, later):
    item = closed("https://a.test/x")
    later(1000)
    assert an_item("https://a.test/x").pk == item.pk
    later(200)
    Item.objects.filter(pk=item.pk).update(due_at=None)
    erase_all()
    item.refresh_from_db()
    assert not item.is_erased


def test_what_was_removed_is_watched_no_more_once_it_is_erased(retention, later):
    item = closed("https://a.test/x")
    Item.objects.filter(pk=item.pk).update(state=State.REMOVED)
    later(1100)
    erase_all()
    assert plan_checks() == 0
    item.refresh_from_db()
    assert item.is_erased and item.due_at is None


def test_a_closed_receipt_ends_in_both_databases_and_an_open_one_stays(retention, later):
    words, open_words = mint("en"), mint("en")
    closed("https://a.test/x", receipt=words)
    hashed = bytes(ReceiptCourse.objects.get().hash)
    an_item("https://b.test/x", receipt=open_words)
    ShownReceipt.objects.filter(hash=hashed).update(course="closed")
    later(380)
    erase_all()
    assert ShownReceipt.objects.count() == ReceiptCourse.objects.count() == 1
    assert not ShownReceipt.objects.filter(hash=hashed).exists()
    assert lines("receipts")[0]["digest"] == digest([hashed])


def test_a_receipt_whose_second_half_was_left_by_a_kill_ends_the_next_time(retention, later):
    closed("https://a.test/x", receipt=mint("en"))
    ShownReceipt.objects.update(course="closed")
    ReceiptCourse.objects.all().delete()
    later(380)
    erase_all()
    assert not ShownReceipt.objects.exists()


def test_recipients_views_and_sessions_end(retention, later, policy):
    item = a_confirmed_item("https://a.test/x", "BE", pictures=["https://a.test/1.jpg"])
    moment = clock.now()
    rule = rule_for("NL")
    referral = Referral.objects.create(item=item, rule=rule, round=1, created_at=moment)
    Notice.objects.create(
        item=item,
        referral=referral,
        round=1,
        kind="host",
        recipient="abuse@host.test",
        step="sent",
        sent_at=moment,
        created_at=moment,
        report_id=uuid.uuid4(),
    )
    Session.objects.create(session_key="k" * 32, session_data="", expire_date=moment)
    later(800)
    erase_all()
    assert not Session.objects.exists()
    assert (Notice.objects.get().recipient, View.objects.count()) == ("abuse@host.test", 1)
    Item.objects.update(state=State.CLOSED)
    erase_all()
    assert (Notice.objects.get().recipient, View.objects.count()) == ("", 0)


# --- nothing at once, and nothing lost ------------------------------------------------------------


def test_without_a_policy_nothing_is_erased(db, later):
    closed("https://a.test/x")
    later(4000)
    assert erase_due() == 0


def test_a_clock_that_jumps_erases_nothing_until_a_person_says_that_it_is_right(retention, later):
    closed("https://a.test/x")
    before = last_trusted()
    later(3650, confirmed=False)
    for _ in range(2):
        with pytest.raises(ClockDoubted):
            erase_due()
    assert last_trusted() == before and not report_of(Item.objects.get()).is_erased
    later(0)
    assert erase_due() > 0


def test_a_clock_that_is_set_right_again_needs_nobody(retention, later):
    closed("https://a.test/x")
    later(1)
    later(3650, confirmed=False)
    with pytest.raises(ClockDoubted):
        erase_due()
    later(-3650, confirmed=False)
    assert erase_due() == 0
    later(-1, confirmed=False)
    with pytest.raises(ClockDoubted):
        erase_due()


def test_day_after_day_the_clock_is_believed_by_itself(retention, later):
    closed("https://a.test/x")
    for _ in range(95):
        later(2, confirmed=False)
        erase_due()
    assert report_of(Item.objects.get()).is_erased


def test_a_doubt_stands_among_the_failures_until_it_is_gone():
    answers: list[object] = [ClockDoubted(), ClockDoubted(), 3, 0, 7]

    def step() -> int:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return int(str(answer))

    seldom = Seldom(step)
    for _ in range(2):
        with pytest.raises(ClockDoubted):
            seldom()
    assert [seldom(), seldom(), seldom(), seldom()] == [3, 0, 0, 0]
    assert answers == [7]


def test_many_go_in_batches_and_held_ones_at_the_front_stop_nobody(
    retention, later, lead, monkeypatch
):
    monkeypatch.setattr("vigie.keeping.erasing.BATCH", 2)
    for number in range(7):
        closed(f"https://a.test/{number}")
    for report in Report.objects.order_by("pk")[:3]:
        place_hold(report, "stays", lead)
    later(500)
    erase_all()
    assert Report.objects.exclude(words=b"").count() == 3
    assert [line["rows"] for line in lines("words")] == [2, 2]


def test_the_figures_of_before_stay(retention, later):
    closed("https://a.test/x")
    before = figures(clock.now())
    later(4000)
    erase_all()
    assert figures(clock.now()).reports == before.reports == 1


KILLED = """
import os, signal, django
django.setup()
from vigie.keeping import erasing
def die(*args, **more):
    os.kill(os.getpid(), signal.SIGKILL)
erasing.append = die
erasing.erase_due()
"""


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_killed_before_its_line_is_written_nothing_was_erased(retention, later, child_environment):
    closed("https://a.test/x", comment="mine")
    Report.objects.update(last_word_at=clock.now() - timedelta(days=200))
    done = subprocess.run(
        [sys.executable, "-c", KILLED], env=child_environment, cwd=ROOT, check=False
    )
    assert done.returncode == -signal.SIGKILL
    assert not report_of(Item.objects.get()).is_erased and lines("words") == []
    assert erase_due() == 1
    assert report_of(Item.objects.get()).is_erased and len(lines("words")) == 1


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_two_workers_erase_each_row_once(retention):
    for number in range(6):
        closed(f"https://a.test/{number}")
    Report.objects.update(last_word_at=clock.now() - timedelta(days=200))
    answers = in_threads([erase_due] * 3)
    assert sum(answer for answer in answers if isinstance(answer, int)) == 6
    assert sum(int(str(line["rows"])) for line in lines("words")) == 6
    assert Erased.objects.get(kind="words").rows == 6


# --- the policy's file ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("days = 180", "days = 0"), "one day or more"),
        (("days = 180", "days = -5"), "days"),
        (('kind = "words"', 'kind = "faces"'), "faces"),
        (('kind = "receipts"', 'kind = "words"'), "one rule for a kind"),
        (("version =", "versions ="), "version"),
        (("days = 180", "days ="), "demo.toml"),
    ],
)
def test_a_bad_file_changes_nothing(retention, tmp_path, change, said):
    text = (POLICIES / "demo.toml").read_text()
    assert change[0] in text
    (tmp_path / "demo.toml").write_text(text.replace(*change, 1))
    with pytest.raises(BadPolicy, match=said):
        load_retention(tmp_path / "demo.toml", "tests")
    active = KeepingRule.objects.filter(active=True)
    assert {rule.kind for rule in active} == set(BY_NAME)
    assert Entry.objects.filter(verb=Verb.RETENTION_LOADED).count() == 1


def test_a_new_policy_retires_the_old_one_which_stays_readable(retention):
    load_retention(POLICIES / "demo.toml", "tests")
    assert KeepingRule.objects.filter(active=True).count() == len(BY_NAME)
    assert KeepingRule.objects.count() == 2 * len(BY_NAME)
