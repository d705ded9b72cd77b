"""What is known is recognised, and nobody looks again; what only resembles it is looked at.

Fetch, hash, match, decide, refer: over the sandbox's servers and the desk's pages.
"""

import hashlib
import json

import pytest
from django.test import Client

from tests.factories import looked
from vigie.cases.deciding.by_policy import confirm_known
from vigie.cases.desk.selectors import looks_spared
from vigie.cases.models import AssessedPicture, View
from vigie.dispatch.pack import hashes_of
from vigie.dispatch.services import plan_referrals, send_referral
from vigie.items.flow import State
from vigie.items.models import Item
from vigie.journal.models import Entry
from vigie.matching.lists import four_eyes
from vigie.matching.lists.tests.support import loaded
from vigie.matching.models import HashList, JudgedHash
from vigie.matching.picture import picture_hashes
from vigie.people.four_eyes import answer
from vigie.sandbox.pictures import cropped, picture, resaved
from vigie.staff.models import User

pytestmark = pytest.mark.django_db(databases="__all__")
KNOWN = picture("known", "jpg")


class Desk:
    """An analyst at the desk, over its pages alone."""

    def __init__(self, client: Client, item: Item) -> None:
        self.client, self.item = client, item
        self.look = item.looks.latest("pk")
        self.page = f"/queue/items/{item.pk}/"

    def shows(self) -> str:
        return self.client.get(self.page).content.decode()

    def views(self, position: int = 1) -> None:
        media = self.look.media.get(position=position)
        assert self.client.post(f"{self.page}pictures/{media.pk}/").status_code == 200

    def decides(self, classification: str = "baseline") -> int:
        """About the first picture."""
        about = self.look.media.get(position=1).pk
        form = {"classification": classification, "look": self.look.pk, "pictures": [about]}
        status = self.client.post(f"{self.page}assess/", form).status_code
        self.item.refresh_from_db()
        return status


@pytest.fixture
def desk(outside, report_of, desk_client, analyst):
    """Where a report of a page of the sandbox leads, after the worker's look."""
    client = desk_client(analyst)
    User.objects.update(language="en")

    def at(token: str, host: str = "galerie.nord.test") -> Desk:
        (item,) = report_of(f"http://{host}/a/{token}")
        looked(item)
        return Desk(client, item)

    return at


def _distance(one: bytes, other: bytes) -> int:
    pdqs = (int(picture_hashes(data)["pdq"], 16) for data in (one, other))
    return (next(pdqs) ^ next(pdqs)).bit_count()


def test_a_known_picture_saved_anew_is_decided_without_a_view_and_one_like_it_is_not(desk):
    first = desk("known-one")
    first.views()
    assert first.decides() == 302
    views = View.objects.count()

    again = desk("resaved-two", "forum.loire.test")
    near = _distance(KNOWN, resaved("known", "jpg"))
    assert 0 < near <= 31
    assert f"distance {near}" in again.shows()
    assert again.decides("not_illegal") == 422, "without a look, only what is proposed"
    assert again.decides() == 302
    assert again.item.state == State.CONFIRMED
    kept = AssessedPicture.objects.get(assessment__item=again.item)
    assert (kept.seen, kept.distance, kept.judgement.item) == (False, near, first.item)
    assert kept.sha256 == hashlib.sha256(KNOWN).hexdigest(), "of what was judged, not of this"
    assert JudgedHash.objects.count() == 1, "what nobody saw is no judgement of its own"

    other = desk("cropped-three")
    assert _distance(KNOWN, cropped("known", "jpg")) > 31
    assert "(distance" not in other.shows()
    assert other.decides() == 422
    assert other.item.state == State.TO_ASSESS
    assert View.objects.count() == views
    assert looks_spared() == 1


def test_a_contact_sheet_with_a_known_picture_is_decided_without_a_view(desk):
    unknown = desk("sheet-zero")
    assert unknown.decides() == 422, "not before the picture on it was judged"
    first = desk("known-one")
    first.views()
    assert first.decides() == 302
    sheet = desk("sheet-one", "forum.loire.test")
    assert sheet.look.media.get(position=1).parts.count() == 9
    said = sheet.shows()
    assert sheet.decides() == 302
    kept = AssessedPicture.objects.get(assessment__item=sheet.item)
    assert (kept.seen, kept.judgement.item) == (False, first.item)
    assert 0 < kept.distance <= 31
    assert "by part 5 of 9" in said and f"distance {kept.distance}<" in said
    assert JudgedHash.objects.count() == 1


@pytest.mark.parametrize("kind", ["MD5", "SHA1"])
def test_what_was_judged_here_leaves_with_values_by_which_others_know_it(
    kind, desk, tmp_path, lead, manager
):
    """A partner's list with one kind of value alone recognises the same bytes."""
    first = desk("known-one")
    first.views()
    assert first.decides() == 302
    asked = four_eyes.ask_export("vics", lead, "for a partner")
    answer(asked, four_eyes.EXPORT, manager, approve=True)
    body = json.loads(four_eyes.take(asked.export, lead.actor))
    body["value"] = [
        {k: media[k] for k in ("MediaID", "Category", kind)} for media in body["value"]
    ]
    loaded(tmp_path, "vics", json.dumps(body), name="Partner")
    HashList.objects.update(may_confirm=True)
    again = desk("known-two", "forum.loire.test")
    assert confirm_known() == 1
    again.item.refresh_from_db()
    assert again.item.state == State.CONFIRMED
    picture = AssessedPicture.objects.get(assessment__item=again.item)
    assert (picture.listed.kind, picture.listed.list.name) == (kind.lower(), "Partner")


def test_equal_bytes_on_a_trusted_list_confirm_and_the_police_are_told_first(
    desk, outside, tmp_path, policy
):
    digests = picture_hashes(KNOWN)
    loaded(tmp_path, "csv", f"md5,id,classification\n{digests['md5']},a,baseline\n", name="Police")
    plain, known = desk("plain"), desk("known-four")
    assert confirm_known() == 0, "a list that nobody let confirm does not"
    HashList.objects.update(may_confirm=True)
    assert confirm_known() == 1
    plain.item.refresh_from_db()
    known.item.refresh_from_db()
    assert (plain.item.state, known.item.state) == (State.TO_ASSESS, State.CONFIRMED)
    entry = HashList.objects.get().entries.get()
    line = Entry.objects.get(verb="item.recognised")
    assert (line.actor, line.subject) == ("policy", known.item.subject)
    said = json.loads(line.detail)
    assert said | {"assessment": 0} == {
        "assessment": 0,
        "list": entry.list.subject,
        "entry": entry.pk,
        "kind": "md5",
        "classification": "baseline",
    }
    assert not View.objects.exists()
    assert "by policy, without a person" in known.shows()

    assert plan_referrals() == 1
    referral = known.item.referrals.get()
    assert [row["sha256"] for row in hashes_of(referral)] == [digests["sha256"]]
    send_referral(referral)
    known.item.refresh_from_db()
    assert known.item.state == State.REFERRED
    assert len(outside.mail()) == 1, "the police, and no host"
    assert confirm_known() == 0
