"""Ready-made material: kits, the press pack, the sheet, the calendar of own posts."""

import html
import io
import re
import uuid
import zipfile
from datetime import date, timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connections
from PIL import Image

from vigie.campaign.card.design import SIZES
from vigie.campaign.content import LANGUAGES, shipped
from vigie.campaign.kits import material, packing
from vigie.campaign.kits.counting import count_use, fold_uses
from vigie.campaign.kits.models import Kit, KitUse, Post
from vigie.campaign.kits.selectors import kits_with_counts
from vigie.campaign.kits.services import make_kit
from vigie.campaign.models import Campaign
from vigie.campaign.selectors import current
from vigie.campaign.services import Change, copy_campaign, save_campaign
from vigie.campaign.tests.support import examined, size_of
from vigie.campaign.wall.consent import CURRENT
from vigie.campaign.wall.models import Card
from vigie.campaign.wall.services import approve
from vigie.journal.models import Entry
from vigie.lib import clock
from vigie.staff.models import User
from vigie.staff.permissions import Role
from vigie.worker import loop

pytestmark = [pytest.mark.django_db(databases="__all__"), pytest.mark.rest]


@pytest.fixture
def editor(db):
    user = User.objects.add("the editor", "a password of the tests", Role.EDITOR)
    user.language = "en"
    user.save()
    save_campaign(current().slug, Change(current().says, 0, addresses_are_ours=True), user)
    return user


@pytest.fixture
def client(editor, desk_client):
    return desk_client(editor)


def test_an_ambassador_gets_a_page_that_cannot_be_guessed(client):
    client.post("/campaign/kits/", {"name": "Mimi la chatte"})
    kit = Kit.objects.get()
    assert re.fullmatch(r"mimi-la-chatte-[0-9a-f]{8}", kit.code)
    assert Entry.objects.get(verb="kit.written").subject == f"kit:{kit.code}"


def test_the_kits_page_has_posts_in_four_languages_and_the_link(editor, public_client):
    kit = make_kit("Mimi", current().slug, editor)
    page = public_client.get(f"/nl/kit/{kit.code}/").content.decode()
    for language in LANGUAGES:
        assert current().says.of(language).message in page
        assert f">{html.escape(current().says.of(language).alt)}</textarea>" in page
        for size in SIZES:
            assert f'/{language}/{size}.jpg" download>' in page
    assert f"http://testserver/nl/card/?kit={kit.code}" in page
    assert public_client.get("/nl/kit/mimi/").status_code == 404


def test_a_closed_kit_is_gone_and_its_count_stays(client, editor):
    kit = make_kit("Mimi", current().slug, editor)
    ids = ["00000000-0000-0000-0000-00000000000" + n for n in "112"]
    for once in ids:
        count_use(kit.code, once)  # type: ignore[arg-type]
    client.post(f"/campaign/kits/{kit.pk}/close/")
    assert [(k.active, n) for k, n in kits_with_counts()] == [(False, 2)]


def test_a_use_of_a_kit_leads_to_no_card_and_no_page(editor):
    kit, other = (make_kit(name, current().slug, editor) for name in ("Mimi", "Momo"))
    once = uuid.uuid4()
    row, _token = examined(once=once)
    approve(row.pk, editor)
    count_use(kit.code, once)
    count_use(other.code, once)
    uses = set(KitUse.objects.values_list("pk", flat=True))
    assert len(uses) == 2 and not uses & {once, row.pk, row.page}
    journal = str(list(Entry.objects.values()))
    assert str(row.pk) in journal and not any(str(use) in journal for use in uses)


def test_of_a_week_that_is_over_only_the_sum_of_a_kit_is_kept(editor):
    kit, other = (make_kit(name, current().slug, editor) for name in ("Mimi", "Momo"))
    for code in (kit.code, kit.code, other.code):
        count_use(code, uuid.uuid4())
    KitUse.objects.update(week=clock.week_of(clock.now()) - timedelta(days=7))
    count_use(kit.code, uuid.uuid4())
    assert "uses of kits" in dict(loop.CAMPAIGN)
    assert fold_uses() == 3
    assert [use.code for use in KitUse.objects.all()] == [kit.code]
    assert [(k.name, n) for k, n in kits_with_counts()] == [("Mimi", 3), ("Momo", 1)]
    assert fold_uses() == 0
    assert [n for _kit, n in kits_with_counts()] == [3, 1]


def test_uses_that_were_counted_before_keep_their_count_and_lose_their_number(editor):
    kit, once = make_kit("Mimi", current().slug, editor), uuid.uuid4()
    count_use(kit.code, once)
    KitUse.objects.update(id=once)
    step = import_module("vigie.campaign.kits.migrations.0002_a_use_leads_to_no_card")
    step.forget_pages(apps, SimpleNamespace(connection=connections["front"]))
    (use,) = KitUse.objects.all()
    assert (use.code, use.pk == once) == (kit.code, False)


def test_the_page_of_a_campaign_that_is_over_offers_no_posts_and_no_link(editor, public_client):
    kit = make_kit("Mimi", current().slug, editor)
    copy_campaign(current(), "next", date(2026, 1, 1), date(2099, 1, 1), editor)
    assert public_client.get(f"/en/kit/{kit.code}/").status_code == 200
    Campaign.objects.filter(slug="next").update(draft=False)
    answer = public_client.get(f"/en/kit/{kit.code}/")
    assert answer.status_code == 410 and "This campaign is over" in answer.content.decode()
    assert f"?kit={kit.code}" not in answer.content.decode()


def test_a_closed_kits_page_is_not_there(editor, public_client):
    kit = make_kit("Mimi", current().slug, editor)
    Kit.objects.update(active=False)
    assert public_client.get(f"/en/kit/{kit.code}/").status_code == 404


def test_the_press_pack_holds_every_card_sheet_and_text(editor, public_client, monkeypatch):
    one = {size: SIZES[size] for size in ("1080x1920",)}
    monkeypatch.setattr(material, "SIZES", one)
    packing.forget()
    answer = public_client.get("/en/press/pack.zip")
    pack = zipfile.ZipFile(io.BytesIO(answer.getvalue()))
    assert pack.testzip() is None
    names = set(pack.namelist())
    for language in LANGUAGES:
        assert {f"{language}/card-{size}.jpg" for size in one} <= names
        assert pack.read(f"{language}/sheet.pdf").startswith(b"%PDF-")
        assert current().says.of(language).message in pack.read(f"{language}/texts.txt").decode()
        assert "16" in pack.read(f"{language}/facts.txt").decode()
    assert size_of(pack.read("de/card-1080x1920.jpg")) == (1080, 1920)


def test_the_sheet_is_a_tagged_pdf_in_its_language(public_client, editor):
    sheets = [public_client.get(f"/{language}/sheet.pdf").content for language in LANGUAGES]
    assert len(set(sheets)) == 4
    for sheet in sheets:
        assert b"/StructTreeRoot" in sheet or b"/ObjStm" in sheet
        assert len(sheet) < 500_000


def test_a_text_with_the_signs_of_markup_stays_a_text(editor, public_client):
    campaign = current()
    campaign.content["words"]["en"]["message"] = '#let x = 1; *bold* $a$ "q" \\ @ref'
    campaign.save()
    assert public_client.get("/en/sheet.pdf").content.startswith(b"%PDF-")


def test_a_post_is_planned_changed_and_packed(client):
    fields = {
        "on": "2026-12-01",
        "language": "nl",
        "size": "1080x1350",
        "card": "",
        "caption": "Hallo #catsforkids",
        "alt": "Een kat.",
    }
    assert client.post("/campaign/posts/", fields).status_code == 302
    post = Post.objects.get()
    assert (post.on, post.campaign) == (date(2026, 12, 1), current().slug)
    client.post(f"/campaign/posts/{post.pk}/", {**fields, "caption": "Dag"})
    pack = zipfile.ZipFile(io.BytesIO(client.get(f"/campaign/posts/{post.pk}/pack/").content))
    assert pack.read("caption.txt").decode() == "Dag"
    assert pack.read("description.txt").decode() == "Een kat."
    assert size_of(pack.read("post-2026-12-01-nl.jpg")) == (1080, 1350)
    client.post(f"/campaign/posts/{post.pk}/drop/")
    assert not Post.objects.exists()
    assert Entry.objects.filter(verb="post.written").count() == 2
    assert Entry.objects.filter(verb="post.dropped").count() == 1


def test_a_post_may_show_a_card_of_the_wall_until_it_is_taken_back(client, editor):
    card = approve(examined()[0].pk, editor)
    fields = {
        "on": "2026-12-01",
        "language": "fr",
        "size": "1080x1080",
        "card": f"https://wall.example/fr/wall/{card.slug}/?x=1",
        "caption": "x",
        "alt": "y",
    }
    client.post("/campaign/posts/", fields)
    post = Post.objects.get()
    pack = client.get(f"/campaign/posts/{post.pk}/pack/")
    picture = zipfile.ZipFile(io.BytesIO(pack.content)).read("post-2026-12-01-fr.jpg")
    assert picture == bytes(card.pictures.get(kind="card").data)
    warning = b"taken back: take your post off too"
    assert warning not in client.get("/campaign/posts/").content
    card.delete()
    assert client.get(f"/campaign/posts/{post.pk}/pack/").status_code == 409
    assert warning in client.get("/campaign/posts/").content


@pytest.mark.parametrize(
    ("asked", "begins"), [("nl", "nl"), ("de", "de"), ("xx", "en"), ("", "en")]
)
def test_a_post_begins_with_the_texts_of_the_language_asked_for(asked, begins, client):
    page = client.get("/campaign/posts/", {"language": asked} if asked else {}).content.decode()
    assert current().says.of(begins).caption in html.unescape(page)
    assert f'<option value="{begins}" selected>' in page
    assert 'href="?language=de"' in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"on": "soon"},
        {"language": "xx"},
        {"size": "9x9"},
        {"card": "nope"},
        {"card": "http://[x"},
        {"caption": ""},
    ],
)
def test_a_post_that_makes_no_sense_is_refused_and_kept_in_the_form(wrong, client):
    fields = {
        "on": "2026-12-01",
        "language": "fr",
        "size": "1080x1080",
        "card": "",
        "caption": "bonjour",
        "alt": "y",
        **wrong,
    }
    answer = client.post("/campaign/posts/", fields)
    assert answer.status_code == 422 and not Post.objects.exists()


def test_pictures_of_the_campaign_change_their_address_with_its_version(public_client, editor):
    slug, version = current().slug, current().version
    good = public_client.get(f"/campaign/card/{slug}-{version}/fr/1200x630.jpg")
    assert Image.open(io.BytesIO(good.content)).size == (1200, 630)
    assert good["Cache-Control"].startswith("public")
    for place in (
        f"{slug}-{version + 1}/fr/1200x630",
        f"{slug}-{version}/xx/1200x630",
        f"{slug}-{version}/fr/1x1",
        "other-1/fr/1200x630",
    ):
        assert public_client.get(f"/campaign/card/{place}.jpg").status_code == 404
    over = public_client.get(f"/campaign/overlay/{slug}-{version}/fr/1080x1080.webp")
    with Image.open(io.BytesIO(over.content)) as picture:
        assert picture.mode == "RGBA" and picture.size == (720, 720)
        assert picture.getpixel((360, 60))[3] < 20
    blank = public_client.get(f"/campaign/blank/{slug}-{version}/fr/1080x1080.jpg")
    message = public_client.get(f"/campaign/message/{slug}-{version}/fr/1080x1080.svg")
    assert blank.status_code == 200 and b"<path" in message.content


def test_nothing_of_a_campaign_is_drawn_for_the_public_before_its_first_day(public_client, editor):
    copy_campaign(current(), "next", date(2098, 1, 1), date(2099, 1, 1), editor)
    places = ["card/next-1/fr/1200x630.jpg", "message/next-1/fr/1200x630.svg"]
    answers = [public_client.get(f"/campaign/{place}").status_code for place in places]
    Campaign.objects.filter(slug="next").update(starts=date(2020, 1, 1), draft=False)
    answers += [public_client.get(f"/campaign/{place}").status_code for place in places]
    assert answers == [404, 404, 200, 200]


def test_an_own_post_takes_a_card_only_if_its_supporter_agreed_to_that(client, editor):
    row, _token = examined(3)
    card = approve(row.pk, editor)
    assert (card.consent, card.age) == (row.consent, row.age) == (CURRENT, "old")
    asked = {"on": "2026-12-01", "language": "en", "size": "1080x1080", "card": card.slug}
    asked |= {"caption": "A cat. #catsforkids", "alt": "A cat."}
    Card.objects.update(consent="")
    refused = client.post("/campaign/posts/", asked)
    assert "has not agreed to posts of ours" in refused.content.decode()
    assert not Post.objects.exists()
    Card.objects.update(consent=CURRENT)
    client.post("/campaign/posts/", asked)
    assert Post.objects.get().card == card.slug


def test_the_facts_of_the_pack_have_the_counts_and_the_sources_of_the_page():
    said = material.facts_text(shipped(), "en")
    for one in ("2018: 1,728", "2020: 2,056", "doubles each year", "CyberTipline", "New York"):
        assert one in said
