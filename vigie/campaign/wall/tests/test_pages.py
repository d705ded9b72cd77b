"""The wall's public pages."""

import html
import io
import json
import re
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from PIL import Image

from vigie.campaign.models import Campaign
from vigie.campaign.selectors import current
from vigie.campaign.services import Change, copy_campaign, save_campaign
from vigie.campaign.tests.support import examined, size_of
from vigie.campaign.wall.models import Card
from vigie.campaign.wall.selectors import PAGE
from vigie.campaign.wall.services import approve, recount
from vigie.lib import clock

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def hang(lead):
    save_campaign(current().slug, Change(current().says, 0, addresses_are_ours=True), lead)

    def hang_some(count: int = 1, **more: object) -> list[Card]:
        cards = [approve(examined(n, **more)[0].pk, lead) for n in range(count)]
        recount()
        return cards

    return hang_some


def test_the_newest_hang_first_and_more_is_a_real_link(hang, public_client):
    cards = hang(PAGE + 3)
    first = public_client.get("/en/wall/").content.decode()
    slugs = re.findall(r'/en/wall/([\w-]{11})/"', first)
    assert slugs == [card.slug for card in reversed(cards)][:PAGE]
    (more,) = re.findall(r'href="(\?before=\d+)"', first)
    rest = public_client.get(f"/en/wall/{more}").content.decode()
    assert re.findall(r'/en/wall/([\w-]{11})/"', rest) == [c.slug for c in reversed(cards[:3])]
    assert "before=" not in rest
    assert f"<b>{PAGE + 3}</b> cats have joined in" in first
    assert f"A reminder of {78 * (PAGE + 3):,} images" in first


@pytest.mark.parametrize("before", ["x", "-1", "²", "9" * 40, "1;drop"])
def test_a_page_that_does_not_exist_is_not_found(before, public_client):
    assert public_client.get("/en/wall/", {"before": before}).status_code == 404


def test_a_card_can_be_shared_with_its_picture_and_its_words(hang, public_client):
    (card,) = hang()
    page = public_client.get(f"/fr/wall/{card.slug}/").content.decode()
    (image,) = re.findall(
        r'property="og:image" content="http://testserver(/wall/picture/[^"]+)"', page
    )
    answer = public_client.get(image)
    assert answer["Content-Type"] == "image/jpeg"
    assert len(answer.content) < 300_000
    assert Image.open(io.BytesIO(answer.content)).size == (1200, 630)
    assert 'property="og:image:alt" content="A cat."' in page
    assert "http://testserver/oembed/" in page


def test_no_picture_of_the_wall_holds_any_metadata(hang, public_client):
    (card,) = hang()
    for row in card.pictures.all():
        with Image.open(io.BytesIO(bytes(row.data))) as picture:
            assert not picture.getexif()
            assert set(picture.info) <= {
                "jfif",
                "jfif_version",
                "jfif_unit",
                "jfif_density",
                "loop",
                "background",
                "timestamp",
                "duration",
            }


def test_pictures_are_kept_by_browsers_for_an_hour_and_gone_with_their_card(hang, public_client):
    (card,) = hang()
    file = card.pictures.get(kind="card").file
    answer = public_client.get(f"/wall/picture/{file}")
    assert answer["Cache-Control"] == "public, max-age=3600"
    card.delete()
    assert public_client.get(f"/wall/picture/{file}").status_code == 404


def test_beyond_the_oldest_card_nobody_is_told_that_nothing_hangs(hang, public_client):
    hang()
    page = public_client.get("/en/wall/?before=0").content.decode()
    assert "Nothing hangs here yet" not in page
    assert 'No older card hangs here. <a href="/en/wall/">' in page


def test_a_link_takes_a_card_off_after_a_button_and_says_the_same_for_any_link(
    hang, lead, public_client
):
    row, token = examined(9)
    hang()
    approve(row.pk, lead)
    asked = public_client.get(f"/en/wall/back/{token}/")
    assert b"Take it off" in asked.content and Card.objects.count() == 2
    card = Card.objects.latest("pk")  # which one it is, and its page
    assert f'href="/en/wall/{card.slug}/"' in asked.content.decode()
    (shown,) = re.findall(r'<img src="(\S+)" width="1080"', asked.content.decode())
    assert public_client.get(shown).content == bytes(card.pictures.get(kind="card").data)
    done = public_client.post(f"/en/wall/back/{token}/")
    again = public_client.post(f"/en/wall/back/{token}/")
    never = public_client.post("/en/wall/back/never/")
    assert done.content == again.content
    assert done.content.replace(token.encode(), b"never") == never.content
    assert Card.objects.count() == 1


def test_only_the_embeds_may_be_framed(hang, public_client):
    hang()
    for page in ("counter", "wall"):
        answer = public_client.get(f"/en/embed/{page}/")
        assert "frame-ancestors *" in answer["Content-Security-Policy"]
        assert "X-Frame-Options" not in answer
    for page in ("", "wall/", "card/", "report/", "embed/"):
        answer = public_client.get(f"/en/{page}")
        assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
        assert answer["X-Frame-Options"] == "DENY"


def test_oembed_describes_a_card_and_the_frames_and_nothing_else(hang, public_client):
    (card,) = hang()

    def ask(url: str, **more: str):
        return public_client.get("/oembed/", {"url": url, **more})

    photo = json.loads(ask(f"http://testserver/nl/wall/{card.slug}/").content)
    assert (photo["type"], photo["width"], photo["height"]) == ("photo", 1080, 1080)
    assert public_client.get(photo["url"].removeprefix("http://testserver")).status_code == 200
    rich = json.loads(ask("http://testserver/nl/embed/counter/").content)
    assert rich["type"] == "rich"
    assert 'src="http://testserver/nl/embed/counter/"' in rich["html"]
    others = ["http://testserver/nl/report/", "http://other.test/nl/wall/x/", "", "::"]
    for other in [*others, "http://[::1", "http://[x"]:
        assert ask(other).status_code == 404
    assert ask(f"http://testserver/nl/wall/{card.slug}/", format="xml").status_code == 501


@pytest.mark.parametrize(
    ("asked", "side", "kind"),
    [({}, 1080, "card"), ({"maxwidth": "600"}, 600, "card")]
    + [({"maxheight": "300"}, 300, "small"), ({"maxwidth": "many"}, 1080, "card")],
)
def test_oembed_is_no_larger_than_asked_for(asked, side, kind, hang, public_client):
    (card,) = hang()
    url = f"http://testserver/nl/wall/{card.slug}/"
    photo = public_client.get("/oembed/", {"url": url, **asked}).json()
    assert (photo["width"], photo["height"]) == (side, side)
    assert card.pictures.get(kind=kind).file in photo["url"]
    url = "http://testserver/nl/embed/wall/"
    rich = public_client.get("/oembed/", {"url": url, "maxwidth": "320"}).json()
    assert (rich["width"], rich["height"]) == (320, 480) and 'width="320"' in rich["html"]


def test_oembed_speaks_the_language_of_the_card(hang, public_client):
    (card,) = hang()
    url = f"http://testserver/de/wall/{card.slug}/"
    photo = public_client.get("/oembed/", {"url": url}).json()
    assert photo["title"] == current().says.of(card.language).message


def test_of_a_card_in_its_owners_own_words_no_page_claims_the_campaigns(hang, public_client):
    (own, *_), words = hang(1, own=True), current().says.of("fr")
    page = html.unescape(public_client.get(f"/en/wall/{own.slug}/").content.decode())
    assert f'<h1 lang="fr">{words.hashtag}</h1>' in page
    shared = page[: page.index("<body")]
    assert words.message not in shared
    assert f'og:description" content="{words.call}' in shared
    url = f"http://testserver/fr/wall/{own.slug}/"
    assert public_client.get("/oembed/", {"url": url}).json()["title"] == words.hashtag
    (other,) = hang(1)
    page = html.unescape(public_client.get(f"/en/wall/{other.slug}/").content.decode())
    assert words.message in page[: page.index("<body")]


def test_a_card_tells_networks_its_language_with_a_country(hang, public_client):
    (card,) = hang()
    page = public_client.get(f"/en/wall/{card.slug}/").content.decode()
    assert '<meta property="og:locale" content="fr_FR">' in page


def test_the_page_on_privacy_names_every_hash_that_is_kept(public_client):
    page = public_client.get("/en/privacy/").content.decode()
    assert {name for name in ("MD5", "SHA-1", "SHA-256", "PDQ") if name not in page} == set()


def test_each_entry_of_the_feed_has_its_day_and_describes_its_picture(hang, public_client):
    (card,) = hang()
    feed = ElementTree.fromstring(public_client.get("/feed/de.xml").content)
    atom = "{http://www.w3.org/2005/Atom}"
    (entry,) = feed.findall(f"{atom}entry")
    day = entry.findtext(f"{atom}updated")
    assert day == f"{card.approved_on.isoformat()}T00:00:00+00:00"
    assert f'alt="{card.alt}"' in (entry.findtext(f"{atom}summary") or "")


def test_the_feed_and_the_counter_speak_the_language_asked_for(hang, public_client):
    (card,) = hang()
    feed = public_client.get("/feed/de.xml").content.decode()
    assert f"/de/wall/{card.slug}/" in feed and "<feed" in feed
    assert "Katze macht schon mit" in public_client.get("/embed/counter-de.svg").content.decode()
    assert public_client.get("/feed/xx.xml").status_code == 404


def test_a_name_is_shown_as_text_whatever_it_holds(hang, public_client):
    hang(name="<b>Mi</b> & \u202e")
    page = public_client.get("/en/wall/").content.decode()
    assert "&lt;b&gt;Mi&lt;/b&gt; &amp;" in page and "<b>Mi" not in page


def test_another_campaign_has_a_wall_of_its_own(hang, public_client, lead):
    (card,), first = hang(), current().slug
    assert "?of=" not in public_client.get("/en/wall/").content.decode()
    copy_campaign(current(), "next", date(2026, 1, 1), date(2099, 1, 1), lead)
    copy_campaign(current(), "planned", date(2098, 1, 1), date(2099, 1, 1), lead)
    Campaign.objects.update(draft=False, addresses_by="staff:1")
    page = public_client.get("/en/wall/").content.decode()
    assert "Nothing hangs here yet" in page and f'href="/en/wall/?of={first}"' in page
    before = public_client.get("/en/wall/", {"of": first}).content.decode()
    assert f'href="/en/wall/{card.slug}/"' in before and 'href="/en/wall/?of=next"' in before
    assert f'property="og:url" content="http://testserver/en/wall/?of={first}"' in before
    assert f'href="/de/wall/?of={first}"' in before
    its_page = public_client.get(f"/en/wall/{card.slug}/").content.decode()
    assert f'href="/en/wall/?of={first}"' in its_page  # from its card one finds back
    invite = current().says.of("en").invite
    assert invite in page and invite not in before and invite not in its_page
    for other in ("planned", "nowhere", "../x"):
        assert public_client.get("/en/wall/", {"of": other}).status_code == 404


def test_each_link_of_the_wall_has_the_name_of_its_card(public_client, hang):
    (named,), _nameless = hang(), hang(name="")
    page = public_client.get("/en/wall/").content.decode()
    assert f'alt="The card of {named.name}"' in page and 'alt="A card without a name"' in page


def test_what_is_pasted_for_the_counter_tells_the_count_and_its_day(public_client, hang):
    hang()
    page = public_client.get("/en/embed/").content.decode()
    words = current().says.of("en")
    (alt,) = {alt for alt in re.findall(r'alt="([^"]*)"', page) if words.call in alt}
    assert re.match(r"\d+ .*\(.* 20\d\d\)\.", alt) and words.address in alt


def test_the_wall_of_a_hall_leads_to_the_report_form(public_client):
    assert 'href="/en/report/"' in public_client.get("/en/screen/").content.decode()


@pytest.mark.parametrize("page", ["wall/", "embed/counter/", "embed/wall/"])
def test_nobody_is_invited_to_a_studio_that_is_closed(page, hang, lead, public_client):
    (card,) = hang()
    pages = [f"/en/{page}", f"/en/wall/{card.slug}/"]
    invite = current().says.of("en").invite
    assert all(invite in public_client.get(one).content.decode() for one in pages)
    Campaign.objects.update(ends=clock.now().date() - timedelta(days=1))
    assert all(invite not in public_client.get(one).content.decode() for one in pages)


@pytest.mark.parametrize("page", ["", "card/", "wall/", "facts/", "press/"])
def test_a_page_that_is_shared_shows_the_card_and_its_message(page, hang, public_client):
    hang()
    said = public_client.get(f"/de/{page}").content.decode()
    (picture,) = re.findall('property="og:image" content="http://testserver([^"]+)"', said)
    assert size_of(public_client.get(picture).content) == (1200, 630)
    assert said.count('property="og:description"') == 1
    assert said.count('name="description"') == 1
    assert f'property="og:url" content="http://testserver/de/{page}"' in said
