"""What the liaison wrote down by mistake of the police's word can be set right; nothing is lost."""

from datetime import timedelta

import pytest
import time_machine

from tests.factories import a_confirmed_item
from vigie.dispatch.models import Notice
from vigie.dispatch.tests.support import (
    HOST,
    POLICE,
    known,
    lines_of,
    one_round,
    reading_english,
    referral_of,
)
from vigie.dispatch.tests.test_letters_page import NO_STEP, QUICKER, REFERENCE, press, stands
from vigie.dispatch.tests.test_rules import Row, loaded
from vigie.items.flow import State
from vigie.items.models import Item
from vigie.lib import clock

pytestmark = pytest.mark.django_db(databases="__all__")
URL = "http://galerie.nord.test/a/page"


@pytest.fixture
def desk(liaison, desk_client):
    return reading_english(desk_client, liaison)


@pytest.fixture
def gated(tmp_path, post, settings) -> Item:
    """A magistrate authorises, then we write to a host that is known: within the next round."""
    settings.UNDO_SECONDS = 60
    loaded(tmp_path, Row("police", "magistrate", "hotline", ()))
    known(HOST)
    item = a_confirmed_item(URL, "BE", abuse_contact=HOST)
    with time_machine.travel(clock.now() + timedelta(minutes=2)):
        one_round()
    assert post.sent_to == [POLICE]
    return item


def page_of(desk, item) -> str:
    return desk.get(f"/letters/referrals/{referral_of(item).pk}/").content.decode()


def test_nothing_leaves_before_an_authorisation_can_no_longer_be_taken_back(gated, desk, post):
    press(desk, gated, "authorise", **REFERENCE)
    one_round()
    assert post.sent_to == [POLICE]
    assert "/unauthorise/" in page_of(desk, gated)
    with time_machine.travel(clock.now() + timedelta(seconds=61)):
        one_round()
        assert post.sent_to == [POLICE], "two machines have two clocks"
        assert "/unauthorise/" not in page_of(desk, gated)
        assert press(desk, gated, "unauthorise").status_code == 409
    with time_machine.travel(clock.now() + timedelta(seconds=63)):
        one_round()
    assert post.sent_to == [POLICE, HOST]


def test_a_child_in_danger_does_not_wait(gated, desk, post):
    Item.objects.update(danger=True)
    press(desk, gated, "authorise", **REFERENCE)
    assert press(desk, gated, "unauthorise").status_code == 409
    one_round()
    assert post.sent_to == [POLICE, HOST]


def test_what_was_taken_back_is_not_authorised_and_may_be_later(gated, desk, post, liaison):
    press(desk, gated, "authorise", **REFERENCE)
    assert press(desk, gated, "unauthorise").status_code == 302
    assert stands(gated) == ("acknowledged", State.REFERRED, False)
    assert referral_of(gated).authorisation == ""
    again = press(desk, gated, "unauthorise")
    assert (again.status_code, NO_STEP in again.content.decode()) == (409, True)
    with time_machine.travel(clock.now() + timedelta(minutes=5)):
        one_round()
        assert not Notice.objects.exists()
        press(desk, gated, "authorise", **REFERENCE)
    assert stands(gated) == ("authorised", State.AUTHORISED, False)
    lines = lines_of(gated, "authorisation.taken_back")
    assert [line.actor for line in lines] == [liaison.actor]


def test_where_the_police_write_it_can_be_taken_back_until_they_have(policy, post, desk):
    item = a_confirmed_item(URL, "BE")
    one_round()
    press(desk, item, "authorise", **REFERENCE)
    with time_machine.travel(clock.now() + timedelta(minutes=9)):
        assert press(desk, item, "unauthorise").status_code == 302
        press(desk, item, "authorise", **REFERENCE)
        press(desk, item, "contacted")
        assert press(desk, item, "unauthorise").status_code == 409
    assert stands(item) == ("authorised", State.NOTIFIED, False)


def test_a_reference_is_corrected_or_completed_and_the_one_before_is_kept(policy, post, desk):
    item = a_confirmed_item(URL, "BE")
    one_round()
    press(desk, item, "authorise", reference="by telephone")
    assert press(desk, item, "reference", reference="PV-17").status_code == 302
    press(desk, item, "contacted")
    assert press(desk, item, "reference", reference="PV-71").status_code == 302
    page = page_of(desk, item)
    assert "PV-71" in page and "before: by telephone; PV-17" in page
    same = press(desk, item, "reference", reference="PV-71")
    assert (same.status_code, QUICKER in same.content.decode()) == (409, True)
    assert press(desk, item, "reference", reference=" ").status_code == 422
    assert len(lines_of(item, "reference.corrected")) == 2


def test_no_reference_is_lost_when_an_authorisation_is_taken_back(policy, post, desk):
    item = a_confirmed_item(URL, "BE")
    one_round()
    press(desk, item, "authorise", reference="PV-1")
    press(desk, item, "reference", reference="PV-2")
    press(desk, item, "unauthorise")
    assert "before: PV-1; PV-2" in page_of(desk, item)
    press(desk, item, "refuse")
    press(desk, item, "authorise", reference="PV-3", refused="yes")
    page = page_of(desk, item)
    assert "PV-3" in page and "before: PV-1; PV-2" in page


def test_without_an_authorisation_there_is_no_reference_to_correct(policy, post, desk):
    item = a_confirmed_item(URL, "BE")
    one_round()
    assert press(desk, item, "reference", **REFERENCE).status_code == 409
    assert press(desk, item, "unauthorise").status_code == 409
    assert stands(item) == ("sent", State.REFERRED, False)
