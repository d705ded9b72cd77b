"""Next year's animal: the campaign's own photo is an editor's choice, rebuilt from its pixels."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from vigie.campaign.models import CampaignPhoto
from vigie.campaign.motif import CATS, motif_of, photo_of
from vigie.campaign.selectors import current, named, on_desk
from vigie.campaign.services import Change, copy_campaign, save_campaign
from vigie.lib import clock
from vigie.staff.models import User
from vigie.staff.permissions import Role

pytestmark = [pytest.mark.django_db(databases="__all__"), pytest.mark.rest]
PAGE = "/campaign/catsforkids-2020/photo/"
GREEN = (20, 160, 60)


@pytest.fixture
def editor(db):
    return User.objects.add("the editor", "a password of the tests", Role.EDITOR)


@pytest.fixture
def client(editor, desk_client):
    return desk_client(editor)


def dog(colour=GREEN):
    """A plain photo whose file says where it was taken."""
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x010F] = "SECRET CAMERA"
    Image.new("RGB", (1600, 1200), colour).save(out, "JPEG", exif=exif, comment=b"SECRET PLACE")
    return out.getvalue()


def send(client, data=b"", **fields):
    form = {"version": current().version, "x": 50, "y": 40, "zoom": 100, **fields}
    if data:
        form["photo"] = SimpleUploadedFile("dog.jpg", data)
    return client.post(PAGE, form)


def top_of(jpeg):
    with Image.open(io.BytesIO(jpeg)) as card:
        return card.convert("RGB").crop((0, 0, 200, 60)).resize((1, 1)).getpixel((0, 0))


def test_the_cat_hangs_there_until_somebody_chooses_another_animal():
    assert motif_of(current()) == CATS and len(photo_of(CATS)) > 10_000


def test_what_an_editor_chose_is_on_the_front_page_and_in_what_networks_show(client, request):
    before = current().version
    assert send(client, dog()).status_code == 302
    public_client = request.getfixturevalue("public_client")
    page = public_client.get("/fr/").content.decode()
    for kind in ("blank", "card"):
        address = page.split(f"/campaign/{kind}/")[1].split('"')[0]
        # Browsers keep the old one under the old address.
        assert current().version > before and f"-{current().version}/" in address
        picture = public_client.get(f"/campaign/{kind}/{address}").content
        assert all(abs(a - b) < 12 for a, b in zip(top_of(picture), GREEN, strict=True))


def test_only_its_pixels_are_kept(client):
    send(client, dog())
    data = bytes(CampaignPhoto.objects.get().data)
    assert b"SECRET" not in data and b"Exif" not in data


def test_without_a_new_photo_only_the_focus_changes(client):
    send(client, dog())
    send(client, x=20, zoom=150)
    motif = motif_of(current())
    assert (motif.focus.x, motif.focus.zoom) == (0.2, 1.5)
    assert photo_of(motif) == bytes(CampaignPhoto.objects.get().data)


def test_a_copy_begins_with_the_same_animal(client, editor):
    send(client, dog())
    today = clock.now().date()
    copy_campaign(current(), "dogs", today, today, editor)
    assert motif_of(on_desk("dogs")) == motif_of(named("catsforkids-2020")) != CATS


def test_the_public_keeps_its_animal_while_another_one_is_a_draft(client, editor):
    send(client, dog())
    seen = motif_of(current())
    change = Change(current().says, current().version, draft=True)
    save_campaign("catsforkids-2020", change, editor)
    assert send(client, dog((9, 9, 200)), version=change.version + 1).status_code == 302
    draft = on_desk("catsforkids-2020")
    assert motif_of(current()) == seen != motif_of(draft)
    assert photo_of(seen) != photo_of(motif_of(draft))
    save_campaign("catsforkids-2020", Change(draft.says, draft.version, draft=False), editor)
    assert motif_of(current()) == motif_of(draft) and CampaignPhoto.objects.count() == 1


@pytest.mark.parametrize(
    ("data", "fields", "status"),
    [(b"these are words", {}, 422), (b"", {"zoom": 99}, 422), (dog(), {"version": 7}, 409)],
)
def test_what_is_no_photo_or_came_too_late_changes_nothing(data, fields, status, client):
    answer = send(client, data, **fields)
    assert answer.status_code == status
    assert not CampaignPhoto.objects.exists()


def test_a_form_of_another_site_is_refused(editor, desk_client):
    signed_in = desk_client(editor)
    strict = Client(enforce_csrf_checks=True, headers={"host": "testserver"})
    strict.cookies = signed_in.cookies
    assert send(strict, dog()).status_code == 403
    assert not CampaignPhoto.objects.exists()
