"""What hangs can be taken off, lose its name, or be set aside; and lists are asked about it."""

import re

import pytest

from vigie.campaign.selectors import current
from vigie.campaign.services import Change, save_campaign
from vigie.campaign.tests.support import examined, hashes, pictures, unknown
from vigie.campaign.wall import desk_hung, selectors
from vigie.campaign.wall.escalating import escalate_card
from vigie.campaign.wall.hung import compare_hung, take_name, take_off
from vigie.campaign.wall.models import Card, CardPicture, Escalation, WallCount
from vigie.campaign.wall.ports import Hashes, Hit
from vigie.campaign.wall.services import Stale, approve, recount
from vigie.journal.models import Entry
from vigie.matching.lists.lookup import present_tick
from vigie.matching.lists.tests.support import loaded, value
from vigie.worker.loop import CAMPAIGN, one_round

pytestmark = [pytest.mark.django_db(databases="__all__"), pytest.mark.rest]
PAGE = "/campaign/wall/hung/"
PDQ = value("pdq", 1)
NEAR, FAR = f"{int(PDQ, 16) ^ (2**31 - 1):064x}", f"{int(PDQ, 16) ^ (2**32 - 1):064x}"


@pytest.fixture
def desk(lead, desk_client):
    lead.language = "en"
    lead.save()
    return desk_client(lead)


@pytest.fixture
def hang(lead):
    save_campaign(current().slug, Change(current().says, 0, addresses_are_ours=True), lead)

    def hang_one(number: int = 0, **more: object) -> tuple[Card, str]:
        row, token = examined(number, **more)
        card = approve(row.pk, lead)
        recount()
        return card, token

    return hang_one


def verbs_of(card: Card) -> list[str]:
    entries = Entry.objects.filter(subject=f"card:{card.slug}").order_by("pk")
    return [entry.verb for entry in entries]


def test_whoever_moderates_takes_a_card_off_and_nothing_of_it_is_left(hang, desk, lead):
    card, _token = hang()
    page = desk.post(PAGE, {f"card-{card.slug}": "off"}, follow=True).content.decode()
    assert "1 card changed." in page and "No card hangs." in page
    assert (Card.objects.count(), CardPicture.objects.count()) == (0, 0)
    assert WallCount.objects.get().cards == 0
    assert verbs_of(card) == ["card.approved", "card.taken_off"]
    assert Entry.objects.get(verb="card.taken_off").actor == lead.actor
    assert not Escalation.objects.exists()


def test_a_name_is_taken_away_and_the_card_hangs_on(hang, desk):
    card, _token = hang(name="Something rude")
    desk.post(PAGE, {f"card-{card.slug}": "nameless"})
    assert Card.objects.get().name == "" and CardPicture.objects.count() == 3
    assert verbs_of(card) == ["card.approved", "card.name_taken"]
    assert "nameless" not in desk.get(PAGE).content.decode()


def test_what_should_not_exist_is_set_aside_as_while_it_waited(hang, desk):
    card, _token = hang(hashes=hashes(1, pdq=FAR))
    desk.post(PAGE, {f"card-{card.slug}": "escalate"})
    kept = Escalation.objects.get()
    assert (kept.why, kept.how, kept.card, kept.pdq) == ("person", "", card.slug, FAR)
    assert kept.hung_on == card.approved_on and kept.due_at and kept.told_at is None
    assert not Card.objects.exists() and not CardPicture.objects.exists()
    assert WallCount.objects.get().cards == 0
    assert verbs_of(card) == ["card.approved", "card.escalated"]
    page = desk.get("/campaign/wall/set-aside/").content.decode()
    assert "hung on the wall since" in page and FAR in page and "SHA-256" not in page


@pytest.mark.parametrize("act", [take_off, take_name, escalate_card])
def test_what_a_colleague_took_off_meanwhile_is_changed_by_nobody(act, hang, lead):
    card, _token = hang()
    take_off(card.slug, lead)
    with pytest.raises(Stale):
        act(card.slug, lead)
    assert not Escalation.objects.exists()
    assert verbs_of(card) == ["card.approved", "card.taken_off"]


def test_one_that_came_too_late_costs_no_other(hang, desk, lead):
    (gone, _t), (card, _token) = hang(1), hang(2)
    take_off(gone.slug, lead)
    marks = {f"card-{one.slug}": "off" for one in (gone, card)}
    page = desk.post(PAGE, marks, follow=True).content.decode()
    assert "1 card changed." in page and "1 was gone already" in page


def test_the_newest_come_first_and_older_ones_by_a_real_link(hang, desk, monkeypatch):
    for module in (selectors, desk_hung):
        monkeypatch.setattr(module, "AT_A_TIME", 2)
    slugs = [hang(number)[0].slug for number in range(3)]
    first = desk.get(PAGE).content.decode()
    assert re.findall(r'name="card-([\w-]+)" value="off"', first) == [slugs[2], slugs[1]]
    (more,) = re.findall(r'href="(\?before=\d+)"', first)
    rest = desk.get(PAGE + more).content.decode()
    assert re.findall(r'name="card-([\w-]+)" value="off"', rest) == [slugs[0]]
    assert 'rel="next"' not in rest
    assert "No older card hangs." in desk.get(f"{PAGE}?before=0").content.decode()
    assert desk.get(f"{PAGE}?before=x").status_code == 404


def test_a_card_is_found_by_its_address(hang, desk):
    (one, _t), (other, _token) = hang(1), hang(2)
    for asked in (one.slug, f"https://campaign.test/nl/wall/{one.slug}/?x=1", "http://[x"):
        page = desk.get(PAGE, {"card": asked}).content.decode()
        assert other.slug not in page
        assert (f'name="card-{one.slug}"' in page) is (one.slug in asked)


def test_its_pictures_are_those_of_the_wall(hang, desk):
    card, _token = hang()
    page = desk.get(PAGE).content.decode()
    shown = re.findall(rf'src="({PAGE}\w+\.\w+)"', page)
    assert [desk.get(one).content for one in shown] == [pictures()["small"], pictures()["wide"]]
    assert desk.get(f"{PAGE}nothing.jpg").status_code == 404


def test_the_link_of_who_gave_it_says_that_it_is_gone(hang, public_client, lead):
    card, token = hang()
    link = f"/en/wall/back/{token}/"
    assert "Take your card back?" in public_client.get(link).content.decode()
    take_off(card.slug, lead)
    gone = public_client.get(link).content.decode()
    assert "No card hangs under this link" in gone
    # As for one that waits, was set aside, or never was: nothing can be learnt of them here.
    _row, waiting = examined(2)
    for other in (waiting, "0" * 40):
        page = public_client.get(f"/en/wall/back/{other}/").content.decode()
        assert page.replace(other, token) == gone


@pytest.mark.parametrize(("pdq", "known"), [(PDQ, True), (NEAR, True), (FAR, False)])
def test_a_card_that_hangs_is_compared_with_a_list_that_comes_later(pdq, known, hang, tmp_path):
    card, _token = hang(hashes=hashes(1, pdq=pdq))
    one_round(CAMPAIGN)
    assert Card.objects.get() == card
    loaded(tmp_path, "pdq", PDQ, name="police list")
    one_round(CAMPAIGN)
    found = [(kept.why, kept.how, kept.by, kept.card) for kept in Escalation.objects.all()]
    assert found == [("police list", "like", "worker", card.slug)] * known
    assert Card.objects.exists() is not known
    assert WallCount.objects.get().cards == (0 if known else 1)


def test_lists_are_asked_about_what_hangs_only_when_something_changed(hang, tmp_path):
    asked: list[Hashes] = []

    def known(pictures: list[Hashes]) -> list[Hit | None]:
        asked.extend(pictures)
        return unknown(pictures)

    hang(1, hashes=hashes(1, pdq=FAR))
    hang(2)  # one without a PDQ cannot be compared
    assert compare_hung(known, 0) == 0
    loaded(tmp_path, "pdq", PDQ, name="police list")
    assert compare_hung(known, present_tick()) == 2
    assert compare_hung(known, present_tick()) == 0
    assert [one.pdq for one in asked] == [FAR]
    hang(3, hashes=hashes(3, pdq=NEAR))  # hung since: it may have waited while a list came
    assert compare_hung(known, present_tick()) == 1


def test_while_the_lists_cannot_all_be_asked_a_card_stays_to_be_compared(hang, tmp_path, settings):
    hang(hashes=hashes(1, pdq=PDQ))
    loaded(tmp_path, "pdq", PDQ, name="police list")
    settings.HASH_INDEX.mkdir(mode=0o755)
    one_round(CAMPAIGN)
    assert Card.objects.get().compared == 0
    settings.HASH_INDEX.chmod(0o700)
    one_round(CAMPAIGN)
    assert not Card.objects.exists()
