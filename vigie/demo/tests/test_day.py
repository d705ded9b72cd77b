"""The scripted day: the mix is what it says, and the count misses nothing that is wrong."""

from collections import Counter

import pytest

from vigie.demo.day.command import run
from vigie.demo.day.mix import CONFIRMING, MIX, Sent, day, numbers
from vigie.demo.day.score import ceiling, scored

pytestmark = pytest.mark.pure


def test_of_a_hundred_reports_37_are_new_and_the_mix_has_every_kind():
    assert sum(MIX.values()) == 100
    assert sum(n for (kind, _truth), n in MIX.items() if kind == "first") == 37
    kinds = Counter(one.kind for one in day(1000, 1))
    again = 1000 - sum(kinds.values()) + 10 * MIX["again", ""]
    assert again == 60
    assert {"flood", "dead", "out of remit", "cropped", "sheet", "listed"} <= set(kinds)
    assert any(one.danger for one in day(1000, 1))


@pytest.mark.parametrize("reports", [10, 37, 60, 1000])
def test_a_day_has_as_many_reports_as_asked(reports):
    assert sum(numbers(reports).values()) == len(day(reports, 3)) == reports


def test_the_same_seed_is_the_same_day_and_another_is_another():
    assert day(60, 1) == day(60, 1)
    assert day(60, 1) != day(60, 2)


def test_what_repeats_a_picture_has_its_truth_and_another_address():
    sent = {one.where: one for one in day(1000, 1)}.values()
    firsts = {one.family: one for one in sent if one.kind == "first"}
    repeated = [one for one in sent if one.kind in ("same", "resaved", "sheet", "cropped")]
    assert len(repeated) == 330
    assert all(one.truth == firsts[one.family].truth for one in repeated)
    assert all(one.where != firsts[one.family].where for one in repeated)
    assert all(one.truth in CONFIRMING for one in repeated if one.kind == "sheet")


def said(one: Sent, reference: str, classification: str, **more: bool) -> dict[str, object]:
    line = {"pictured": True, "named": True, "viewed": False, "by_policy": False}
    return {
        "reference": reference,
        "address": one.where,
        "classification": classification,
        "together": False,
        **line,
        **more,
    }


NEW = Sent("first", "http://a.test/1", "baseline", "f", "first")
AGAIN = Sent("same", "http://b.test/2", "baseline", "f", "same")
CAT = Sent("first", "http://c.test/3", "not_illegal", "g", "first")
CHAT = Sent("out of remit", "Telegram @day1", "out_of_remit")


def test_a_day_is_counted_by_item_and_an_account_in_either_spelling():
    chat = {**said(CHAT, "I-4", "out_of_remit"), "address": "telegram:day1"}
    ledger = [
        said(NEW, "I-1", "baseline", viewed=True),
        said(AGAIN, "I-2", "baseline", together=True),
        said(CAT, "I-3", "not_illegal", viewed=True),
    ]
    score = scored([NEW, AGAIN, AGAIN, CAT, CHAT], [*ledger, chat])
    assert (score.items, score.confirmed, score.without_view) == (4, 2, 1)
    assert (score.wrong, score.undecided, score.share) == ([], [], 0.5)
    assert not score.met, "half is less than the goal"
    assert ceiling([NEW, AGAIN, CAT]) == 0.5


@pytest.mark.parametrize(
    "ledger",
    [
        [said(AGAIN, "I-2", "national")],
        [said(AGAIN, "I-2", "not_illegal")],
        [said(AGAIN, "I-2", "")],
        [],
    ],
    ids=["another law", "dismissed", "undecided", "lost"],
)
def test_one_wrong_or_missing_decision_misses_the_goal(ledger):
    right = scored([AGAIN], [said(AGAIN, "I-2", "baseline")])
    assert right.met
    score = scored([AGAIN], ledger)
    assert not score.met
    assert len(score.wrong) + len(score.undecided) == 1


def test_a_confirmed_cat_is_wrong_although_nobody_looked():
    score = scored([AGAIN, CAT], [said(AGAIN, "I-2", "baseline"), said(CAT, "I-3", "baseline")])
    assert (score.wrong, score.met) == ([("I-3", "baseline", "not_illegal")], False)


def test_without_a_browser_the_command_says_what_is_missing(monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "none"))
    assert run(10, 1) == 2
    said = capsys.readouterr().err
    assert len(said.splitlines()) == 1
    assert "Set CHROMIUM" in said
