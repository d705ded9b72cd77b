"""What a person sees before they decide, and what they cannot hang unseen."""

import re

import pytest

from vigie.campaign.selectors import current
from vigie.campaign.services import Change, save_campaign
from vigie.campaign.tests.support import examined, pictures
from vigie.campaign.wall.models import Card, Submission

pytestmark = pytest.mark.django_db(databases="__all__")
PAGE = "/campaign/wall/"


@pytest.fixture
def desk(lead, desk_client):
    save_campaign(current().slug, Change(current().says, 0, addresses_are_ours=True), lead)
    lead.language = "en"
    lead.save()
    return desk_client(lead)


def test_every_picture_that_will_be_public_is_on_the_page(desk):
    row, _token = examined()
    page = desk.get(PAGE).content.decode()
    shown = re.findall(rf'src="({PAGE}{row.pk}/\w+/)"', page)
    assert [desk.get(one).content for one in shown] == [pictures()["small"], pictures()["wide"]]
    assert desk.get(f"{PAGE}{row.pk}/{'alt'}/").status_code == 404


def test_a_card_in_its_owners_own_words_is_marked_and_shown_large(desk):
    examined(name="Tigrou")
    assert "own words" not in desk.get(PAGE).content.decode()
    row, _token = examined(own=True)
    page = desk.get(PAGE).content.decode()
    assert "own words: read them" in page and f"{PAGE}{row.pk}/card/" in page


@pytest.mark.parametrize("mark", ["approve", "nameless"])
def test_what_nobody_says_to_have_seen_is_not_hung(desk, mark):
    (seen, _token), (unseen, _token) = examined(1), examined(2)
    marks = {f"card-{row.pk}": mark for row in (seen, unseen)}
    page = desk.post(PAGE, {**marks, "seen": [str(seen.pk)]}, follow=True).content.decode()
    assert "1 card was not hung, because you have not looked at it." in page
    assert Card.objects.get().withdraw_hash == seen.withdraw_hash
    assert Submission.objects.get() == unseen


@pytest.mark.parametrize("mark", ["refuse", "escalate"])
def test_what_does_not_go_on_the_wall_need_not_be_seen(desk, mark):
    row, _token = examined()
    desk.post(PAGE, {f"card-{row.pk}": mark})
    assert not Submission.objects.exists() and not Card.objects.exists()
