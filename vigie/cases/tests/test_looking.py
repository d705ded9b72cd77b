"""Each picture is looked at once, and only where nothing is known of it; more takes a reason."""

from datetime import timedelta

import pytest
import time_machine

from config.organisation import Organisation
from tests.factories import decided, looked
from vigie.cases.claims import claim, live
from vigie.cases.deciding.decision import Decision
from vigie.cases.deciding.reopening import reopen, take_back
from vigie.cases.deciding.services import NotSeen, assess
from vigie.cases.desk.notes import notes_of
from vigie.cases.desk.selectors import pictures_of
from vigie.cases.looks import looking, reasons
from vigie.cases.looks.looking import OnNobodysTable, Why, WhyAsked, view_picture
from vigie.cases.looks.still import LARGE_SIDE, LONGEST_SIDE, still_of
from vigie.cases.looks.viewer import Still
from vigie.cases.models import AssessedPicture, View, Wish
from vigie.cases.models import Classification as C
from vigie.cases.welfare import exposure
from vigie.cases.welfare.budget import Budget
from vigie.items.flow import State
from vigie.items.models import Item
from vigie.journal.models import Entry
from vigie.journal.selectors import trail_of
from vigie.journal.verbs import Verb
from vigie.lib import clock
from vigie.lib.words import in_words
from vigie.sandbox.pictures import picture

pytestmark = pytest.mark.django_db(databases="__all__")
CAT, DOG = picture("cat", "jpg"), picture("dog", "jpg")
SAID = Why("a detail has to be checked", "second_look.1")


@pytest.fixture
def item(outside, report_of) -> Item:
    outside.site.album("/album", CAT, DOG)
    (found,) = report_of(outside.site.url("/album"))
    looked(found)
    return found


def media_of(item: Item, position: int = 1):
    return item.looks.latest("pk").media.get(position=position)


def path_of(item: Item, position: int = 1) -> str:
    return f"/queue/items/{item.pk}/pictures/{media_of(item, position).pk}/"


def test_a_picture_that_was_seen_takes_a_reason_and_its_larger_one_none_once(item, analyst):
    one = media_of(item)
    with pytest.raises(WhyAsked):
        view_picture(item, one, analyst, large=True)  # never as the first
    view_picture(item, one, analyst)
    with pytest.raises(WhyAsked):
        view_picture(item, one, analyst)
    with pytest.raises(WhyAsked):
        view_picture(item, one, analyst, Why(".", "own"))
    view_picture(item, one, analyst, large=True)
    with pytest.raises(WhyAsked):
        view_picture(item, one, analyst, large=True)
    view_picture(item, one, analyst, SAID)
    view_picture(item, media_of(item, 2), analyst)
    kept = list(View.objects.order_by("pk").values_list("large", "reason"))
    assert kept == [(False, ""), (True, ""), (False, SAID.words), (False, "")]
    details = [e.detail for e in Entry.objects.filter(verb=Verb.MEDIA_VIEWED).order_by("seq")]
    assert ['"why":"second_look.1"' in one for one in details] == [False, False, True, False]
    assert '"large":"yes"' in details[1] and SAID.words not in details[2]


def test_the_same_bytes_twice_on_a_page_are_one_picture(outside, report_of, analyst):
    outside.site.album("/twice", CAT, CAT)
    (item,) = report_of(outside.site.url("/twice"))
    looked(item)
    view_picture(item, item.looks.get().media.first(), analyst)
    with pytest.raises(WhyAsked):
        view_picture(item, item.looks.get().media.last(), analyst)


def test_what_is_known_takes_a_reason_of_the_list_or_ones_own(
    item, outside, report_of, analyst, desk_client
):
    decided(item, item.looks.get())
    outside.site.album("/elsewhere", CAT)
    (again,) = report_of(outside.site.url("/elsewhere"))
    looked(again)
    client, asked = desk_client(analyst), len(outside.site.asked)
    answer = client.post(path_of(again))
    assert (answer.status_code, answer["X-Why"], answer.content) == (204, "asked", b"")
    assert client.post(path_of(again), {"why": "reopen.99", "own_why": " "})["X-Why"] == "asked"
    assert len(outside.site.asked) == asked
    assert client.post(path_of(again), {"own_why": "the\u202e police ask"}).status_code == 200
    assert View.objects.latest("pk").reason == "the⟨U+202E⟩ police ask"
    assert client.post(path_of(again), {"why": "second_look.1"}).status_code == 200
    assert View.objects.latest("pk").reason == reasons.words_of("second_look.1") != ""


def test_what_is_decided_is_on_nobodys_table_but_a_leads_with_a_reason(
    item, analyst, lead, desk_client, outside
):
    decided(item, item.looks.get())
    item.refresh_from_db()
    asked = len(outside.site.asked)
    with pytest.raises(OnNobodysTable):
        view_picture(item, media_of(item), analyst, SAID)
    with pytest.raises(WhyAsked):
        view_picture(item, media_of(item), lead)
    assert len(outside.site.asked) == asked
    client = desk_client(analyst)
    assert client.post(path_of(item))["X-Why"] == "decided"
    page = client.get(f"/queue/items/{item.pk}/").content.decode()
    assert "data-still" not in page and 'id="veil"' not in page
    assert "data-still" in desk_client(lead).get(f"/queue/items/{item.pk}/").content.decode()
    view_picture(item, media_of(item), lead, SAID)


def test_a_larger_still_is_larger(item, analyst):
    small, large = (still_of(CAT, side) for side in (LONGEST_SIDE, LARGE_SIDE))
    assert len(small) < len(large)
    view_picture(item, media_of(item), analyst)
    shown, _view = view_picture(item, media_of(item), analyst, large=True)
    assert len(shown.jpeg) > len(small)


# --- what a look counts for ----------------------------------------------------------------------


def test_a_look_keeps_the_weight_that_its_decision_gave_it(item, analyst, lead):
    made = decided(item, item.looks.get())
    by = made.by
    assert exposure.standing_of(by).pictures == 4  # two, each of which counts twice
    item.refresh_from_db()
    Item.objects.filter(pk=item.pk).update(state=State.CLOSED)
    item.refresh_from_db()
    reopen(item, lead)
    assert exposure.standing_of(by).pictures == 4
    decided(item, item.looks.latest("pk"), "not_illegal")
    assert exposure.standing_of(by).pictures == 6, "two more, which count once"


def test_an_end_that_was_told_too_early_is_corrected_by_the_next_request(
    item, analyst, desk_client
):
    _still, one = view_picture(item, media_of(item), analyst)
    exposure.looked(one, analyst, 0)
    with time_machine.travel(one.at + timedelta(seconds=4), tick=False):
        desk_client(analyst).get(f"/queue/items/{item.pk}/")
    one.refresh_from_db()
    assert (one.seconds, one.counted) == (0, 4), "the journal says what was told"
    (told,) = Entry.objects.filter(verb__in=[Verb.VIEW_ENDED, Verb.VIEW_UNTOLD])
    assert told.detail.endswith(f'"seconds":0,"view":{one.pk}}}')


def test_a_look_of_which_nobody_said_the_end_lasts_until_the_next(item, analyst):
    _still, one = view_picture(item, media_of(item), analyst)
    with time_machine.travel(one.at + timedelta(minutes=3), tick=False):
        view_picture(item, media_of(item, 2), analyst)
    one.refresh_from_db()
    assert (one.seconds, one.counted) == (None, 180)
    assert Entry.objects.get(verb=Verb.VIEW_UNTOLD).detail == f'{{"counted":180,"view":{one.pk}}}'
    exposure.still_there(analyst)
    untold = Entry.objects.filter(verb=Verb.VIEW_UNTOLD, detail__endswith=f'"view":{one.pk}}}')
    assert untold.count() == 1, "once of each look"


def test_of_looks_whose_end_nobody_told_only_the_last_goes_on(item, analyst):
    """A browser without a script, or one that crashes now and then, must not cost the day."""
    seen = {"item": item, "media": media_of(item), "by": analyst, "outcome": "ok"}
    began = clock.now()
    for number in range(6):
        View.objects.create(at=began + timedelta(seconds=3 * number), **seen)
    View.objects.create(at=began + timedelta(seconds=18), **{**seen, "outcome": "sent"})
    for minutes in (1, 15):
        with time_machine.travel(began + timedelta(minutes=minutes), tick=False):
            exposure.still_there(analyst)
    looks = View.objects.order_by("pk")
    assert list(looks.values_list("counted", flat=True)) == [3] * 6 + [42]


def test_a_still_that_never_came_onto_the_screen_was_seen_by_nobody(item, analyst, desk_client):
    client, media, look = desk_client(analyst), media_of(item), item.looks.get()
    first = client.post(path_of(item), {"tells": "yes"})
    assert first.status_code == 200
    assert not any(p.seen for p in pictures_of(item, look, analyst.pk))
    with pytest.raises(NotSeen):
        assess(item, analyst, Decision(C.NATIONAL, look.pk, picture_ids=frozenset({media.pk})))
    again = client.post(path_of(item), {"tells": "yes"})
    assert again.status_code == 200, "it takes no reason: nothing was seen"
    client.post(f"/queue/care/looks/{again['X-View']}/")
    assert [p.seen for p in pictures_of(item, look, analyst.pk)] == [True, False]
    assert client.post(path_of(item), {"tells": "yes"})["X-Why"] == "asked"
    assert exposure.standing_of(analyst).pictures == 2, "what was sent counts all the same"
    assert View.objects.get(pk=first["X-View"]).outcome == "sent"


def test_a_browser_that_never_says_that_a_still_came_gets_it_twice_and_then_with_a_reason(
    item, analyst, desk_client
):
    client, tells = desk_client(analyst), {"tells": "yes"}
    answers = [client.post(path_of(item), tells) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 204]
    assert answers[-1]["X-Why"] == "asked"
    client.post(f"/queue/care/looks/{answers[0]['X-View']}/")
    large = [client.post(path_of(item), {**tells, "large": "yes"}) for _ in range(3)]
    assert [answer.status_code for answer in large] == [200, 200, 204]
    assert client.post(path_of(item), {**tells, "own_why": "they ask"}).status_code == 200


def test_a_look_whose_end_was_lost_ends_when_the_next_began_and_is_counted_once(item, analyst):
    began = clock.now()
    views = []
    for n, seconds in ((1, 0), (2, 9)):
        with time_machine.travel(began + timedelta(seconds=seconds), tick=False):
            views.append(view_picture(item, media_of(item, n), analyst, tells=True)[1])
    counted = View.objects.order_by("pk").values_list("counted", flat=True)
    for passed in (30, 500):
        with time_machine.travel(began + timedelta(seconds=passed), tick=False):
            exposure.arrived(analyst, [str(one.pk) for one in views])
            exposure.still_there(analyst)
        assert list(counted) == [9, 21], passed
    assert not Entry.objects.filter(verb=Verb.VIEW_ENDED).exists()


def test_what_no_browser_said_to_have_come_is_counted_and_not_said_to_have_been_seen(item, analyst):
    _still, one = view_picture(item, media_of(item), analyst, tells=True)
    with time_machine.travel(one.at + timedelta(minutes=2), tick=False):
        exposure.still_there(analyst)
    one.refresh_from_db()
    assert (one.outcome, one.counted) == ("sent", 120)
    assert not Entry.objects.filter(verb=Verb.VIEW_UNTOLD).exists()


def test_a_decision_ends_the_look_that_it_leaves_from(item, analyst, desk_client):
    """Nobody has to guess its end, and the same told by the beacon is no second line."""
    client = desk_client(analyst)
    _still, one = view_picture(item, media_of(item), analyst)
    form = {
        "classification": "national",
        "look": item.looks.get().pk,
        "pictures": media_of(item).pk,
    }
    with time_machine.travel(one.at + timedelta(seconds=7), tick=False):
        told = {"ended": f"{one.pk}:7"}
        assert client.post(f"/queue/items/{item.pk}/assess/", {**form, **told}).status_code == 302
        client.post(f"/queue/care/looks/{one.pk}/", {"seconds": "7"})
    lines = Entry.objects.filter(verb__in=[Verb.VIEW_ENDED, Verb.VIEW_UNTOLD])
    assert [line.verb for line in lines] == [Verb.VIEW_ENDED]


@pytest.mark.parametrize("told", [{"ended": "x"}, {"ended": "9" * 40 + ":1"}])
def test_an_end_that_makes_no_sense_stops_no_decision(item, analyst, desk_client, told):
    form = {"classification": "cannot_assess", "look": item.looks.get().pk, "reason": "gone"}
    path = f"/queue/items/{item.pk}/assess/"
    assert desk_client(analyst).post(path, {**form, **told}).status_code == 302


def test_the_decision_says_itself_what_came_onto_the_screen(item, analyst, desk_client):
    client, media = desk_client(analyst), media_of(item)
    shown = client.post(path_of(item), {"tells": "yes"})["X-View"]
    form = {"classification": "national", "look": item.looks.get().pk, "pictures": media.pk}
    client.post(f"/queue/items/{item.pk}/assess/", {**form, "shown": [shown, "x", "9" * 30]})
    assert AssessedPicture.objects.get().seen


def test_of_one_still_that_two_windows_ask_for_at_once_the_later_is_shown(
    item, analyst, monkeypatch
):
    real, answers = looking.view, []

    def slow(*asked: object, **more: object) -> Still:
        if not answers:  # the second window, while the first waits
            answers.append("")
            answers[0] = view_picture(item, media_of(item), analyst)[0].outcome
        return real(*asked, **more)

    monkeypatch.setattr(looking, "view", slow)
    found, view = view_picture(item, media_of(item), analyst)
    assert (found.outcome, found.jpeg, answers) == ("asked_again", b"", ["ok"])
    view.refresh_from_db()
    assert view.outcome == "asked_again"


def test_whoever_saw_outlines_alone_may_look_once_as_it_is_and_the_decision_says_so(
    item, analyst, lead
):
    Wish.objects.create(by=analyst, outlines=True, used_on=clock.now())
    media, look = media_of(item), item.looks.get()
    assert view_picture(item, media, analyst)[1].outlines
    made = assess(item, analyst, Decision(C.NATIONAL, look.pk, picture_ids=frozenset({media.pk})))
    assert made.pictures.get().outlines
    assert '"outlines":1' in Entry.objects.get(verb=Verb.ITEM_ASSESSED).detail
    take_back(made, lead, "an error")
    item.refresh_from_db()
    with pytest.raises(WhyAsked):
        view_picture(item, media, analyst)
    Wish.objects.update(outlines=False)
    first = pictures_of(item, look, analyst.pk, outlines=False)[0]
    assert first.seen and first.sharper
    assert not view_picture(item, media, analyst)[1].outlines
    with pytest.raises(WhyAsked):
        view_picture(item, media, analyst)


def test_a_break_goes_on_after_midnight(item, analyst, settings, monkeypatch):
    monkeypatch.setattr(type(settings.ORGANISATION), "budget", Budget(99, 99, 1, 10, 0.8, {}))
    with time_machine.travel("2026-03-02T23:58:00+01:00", tick=False):
        seen = {"item": item, "media": media_of(item), "by": analyst, "outcome": "ok"}
        View.objects.create(at=clock.now(), seconds=90, **seen)
    with time_machine.travel("2026-03-03T00:01:00+01:00", tick=False):
        found = exposure.standing_of(analyst)
        assert (found.rest, found.pictures) == ("break", 0)
    with time_machine.travel("2026-03-03T00:11:00+01:00", tick=False):
        assert exposure.standing_of(analyst).rest is None


def test_who_has_looked_enough_takes_nothing_in_hand_and_leaves_what_they_hold(
    item, outside, report_of, analyst, lead, desk_client, settings, monkeypatch
):
    monkeypatch.setattr(type(settings.ORGANISATION), "budget", Budget(1, 60, 60, 5, 0.6, {}))
    outside.site.album("/other", picture("bird", "jpg"))
    (other,) = report_of(outside.site.url("/other"))
    looked(other)
    for one in (item, other):
        claim(one, analyst)
    client = desk_client(analyst)
    assert client.post(path_of(item)).status_code == 200
    assert [one.item for one in live()] == [item], "the last one seen can still be decided"
    assert client.post(path_of(item, 2))["X-Rest"] == "spent"
    assert not live().exists()
    left = Entry.objects.filter(verb=Verb.ITEM_HANDED_ON)
    assert set(left.values_list("subject", flat=True)) == {item.subject, other.subject}
    assert not trail_of(item.subject, lead).filter(verb=Verb.ITEM_HANDED_ON).exists()
    page = client.get(f"/queue/items/{other.pk}/").content.decode()
    assert 'id="assess"' in page and not live().exists()
    desk_client(lead).get(f"/queue/items/{other.pk}/")
    assert live().get().by == lead


def test_a_lead_who_opens_an_item_again_leaves_the_reason_as_a_note(item, lead, desk_client):
    decided(item, item.looks.get(), "not_illegal")
    client = desk_client(lead)
    reason = {"why": "reopen.1", "own_why": "since\u202e noon"}
    assert client.post(f"/queue/items/{item.pk}/reopen/", reason).status_code == 302
    (told,) = notes_of([item], lead)
    assert told.text == f"{reasons.words_of('reopen.1')}; since⟨U+202E⟩ noon"


def test_an_organisation_that_offers_nonsense_as_a_reason_is_told_which():
    for wrong in ({"why": []}, {"settle": "x"}, {"reopen": [{"en": ""}]}, {"on_words": [3]}):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            reasons.check(wrong)
    reasons.check({})


def test_without_a_list_people_write_their_own(settings):
    settings.ORGANISATION = Organisation({**settings.ORGANISATION.data, "reasons": {}})
    assert reasons.offered("second_look") == [] and reasons.words_of("second_look.1") == ""


@pytest.mark.parametrize(
    "reason", ["", " ", ".", "-", "…", "1", "12.", "a", "aaa", "…x…", "é", "\u200b\u200c"]
)
def test_what_is_no_word_is_no_reason(reason):
    assert not in_words(reason)


@pytest.mark.parametrize(
    "reason", ["ok", "广告", "違法", "لا", "חתול", "ดี ๆ กว่า", "देखा", "вид", "1 ad"]
)
def test_a_word_of_any_script_is_one(reason):
    assert in_words(reason)
