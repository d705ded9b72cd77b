"""For which campaign a kit or a post is made, and that its texts are those of its picture."""

import html
import io
import re
import zipfile
from dataclasses import replace
from datetime import date

import pytest

from vigie.campaign.content import shipped
from vigie.campaign.kits.models import Kit, Post
from vigie.campaign.models import Campaign
from vigie.campaign.selectors import current
from vigie.campaign.services import Change, copy_campaign, save_campaign
from vigie.campaign.tests.support import examined, size_of
from vigie.campaign.wall.services import approve
from vigie.staff.models import User
from vigie.staff.permissions import Role

pytestmark = [pytest.mark.django_db(databases="__all__"), pytest.mark.rest]
POSTS, CATS = "/campaign/posts/", "catsforkids-2020"
FIRST, LAST = date(2098, 1, 1), date(2098, 2, 1)


@pytest.fixture
def editor(db):
    user = User.objects.add("the editor", "a password of the tests", Role.EDITOR)
    user.language = "en"
    user.save()
    save_campaign(CATS, Change(shipped(), 0, addresses_are_ours=True), user)
    return user


@pytest.fixture
def client(editor, desk_client):
    return desk_client(editor)


@pytest.fixture
def dogs(editor):
    """Next year's campaign, a draft."""
    copy_campaign(current(), "dogs", FIRST, LAST, editor)
    words = {n: replace(w, caption=f"Dogs, {n}.") for n, w in shipped().words.items()}
    says = replace(shipped(), name="Dogs", words=words)
    return save_campaign("dogs", Change(says, 1, FIRST, LAST, addresses_are_ours=True), editor)


def fields_of(page: str) -> dict[str, str]:
    """What the form of a post would send."""
    found = dict(re.findall(r'<input type="\w+" name="(\w+)" value="([^"]*)"', page))
    found |= dict(re.findall(r'<textarea name="(\w+)"[^>]*>\n?([^<]*)</textarea>', page))
    for name in ("language", "size"):
        select = page.split(f'<select name="{name}"')[1].split("</select>")[0]
        found |= {name: re.findall(r'value="([^"]+)" selected', select)[0]}
    found = {"card": "", **found}
    return {n: html.unescape(v) for n, v in found.items() if n != "csrfmiddlewaretoken"}


def a_card(editor, **more):
    return approve(examined(**more)[0].pk, editor)


def packed(client, post: Post) -> dict[str, bytes]:
    pack = zipfile.ZipFile(io.BytesIO(client.get(f"{POSTS}{post.pk}/pack/").content))
    return {name: pack.read(name) for name in pack.namelist()}


def test_a_post_is_prepared_for_a_campaign_to_come(client, dogs):
    page = client.get(POSTS).content.decode()
    assert fields_of(page)["caption"] == shipped().of("en").post and "campaign=dogs" in page
    page = client.get(f"{POSTS}?campaign=dogs&language=nl").content.decode()
    fields = fields_of(page)
    assert fields["caption"].startswith("Dogs, nl.")
    answer = client.post(f"{POSTS}?campaign=dogs&language=nl", {**fields, "on": "2098-01-02"})
    assert answer.status_code == 302
    post = Post.objects.get()
    assert (post.campaign, post.language) == ("dogs", "nl")
    assert "post-2098-01-02-nl.jpg" in packed(client, post)


def test_with_one_campaign_nothing_is_asked(client):
    assert "campaign=" not in client.get(POSTS).content.decode()
    assert 'name="campaign"' not in client.get("/campaign/kits/").content.decode()


def test_a_kit_is_prepared_for_a_campaign_to_come_and_opens_with_it(client, dogs, request):
    kits = "/campaign/kits/"
    assert client.post(kits, {"name": "Mimi", "campaign": "cows"}).status_code == 422
    assert client.post(kits, {"name": "Mimi", "campaign": "dogs"}).status_code == 302
    kit = Kit.objects.get()
    assert kit.campaign == "dogs"
    assert ">opens with its campaign<" in client.get(kits).content.decode()
    public_client = request.getfixturevalue("public_client")
    assert public_client.get(f"/en/kit/{kit.code}/").status_code == 404
    Campaign.objects.filter(slug="dogs").update(starts=date(2020, 1, 1), draft=False)
    assert public_client.get(f"/en/kit/{kit.code}/").status_code == 200
    assert ">opens with its campaign<" not in client.get(kits).content.decode()


def test_what_is_over_is_not_offered(client, dogs):
    Campaign.objects.filter(slug="dogs").update(starts=date(2020, 1, 1), ends=date(2020, 2, 1))
    assert "campaign=dogs" not in client.get(POSTS).content.decode()


def test_another_language_brings_its_texts_before_anything_is_saved(client):
    fields = {**fields_of(client.get(f"{POSTS}?language=fr").content.decode()), "language": "nl"}
    answer = client.post(POSTS, fields)
    assert answer.status_code == 422 and not Post.objects.exists()
    page = answer.content.decode()
    assert "another one now (Dutch)" in page
    shown = fields_of(page)
    words = shipped().of("nl")
    assert (shown["caption"], shown["alt"], shown["language"]) == (words.post, words.alt, "nl")
    assert client.post(POSTS, shown).status_code == 302
    assert Post.objects.get().language == "nl"


def test_what_somebody_wrote_stays_and_is_read_again_with_another_language(client):
    fields = fields_of(client.get(f"{POSTS}?language=fr").content.decode())
    own = {**fields, "caption": "Bonjour à toutes", "language": "nl"}
    answer = client.post(POSTS, own)
    shown = fields_of(answer.content.decode())
    assert answer.status_code == 422 and shown["caption"] == "Bonjour à toutes"
    assert client.post(POSTS, shown).status_code == 302


def test_a_card_brings_its_own_language_description_and_campaign(client, editor, dogs):
    card = a_card(editor, language="fr", alt="Un chat, vu de près.")
    Campaign.objects.filter(slug="dogs").update(starts=date(2020, 1, 1), draft=False)
    fields = fields_of(client.get(f"{POSTS}?language=de").content.decode())
    assert fields["caption"].startswith("Dogs, de.")
    shown = fields_of(client.post(POSTS, {**fields, "card": card.slug}).content.decode())
    assert (shown["language"], shown["alt"]) == ("fr", "Un chat, vu de près.")
    assert shown["caption"] == shipped().of("fr").post
    assert client.post(POSTS, shown).status_code == 302
    assert (Post.objects.get().campaign, Post.objects.get().card) == (CATS, card.slug)


def test_a_card_is_packed_in_a_size_that_it_has(client, editor):
    card = a_card(editor)
    page = client.get(f"{POSTS}?language=fr").content.decode()
    fields = {**fields_of(page), "card": card.slug, "began": f"{CATS}/fr/{card.slug}"}
    answer = client.post(POSTS, {**fields, "size": "1080x1920"})
    assert answer.status_code == 422 and "is square or wide" in answer.content.decode()
    client.post(POSTS, {**fields, "size": "1200x630"})
    post = Post.objects.get()
    picture = packed(client, post)[f"post-{post.on}-fr.jpg"]
    assert size_of(picture) == (1200, 630)
    Post.objects.update(size="1080x1920")  # planned before this was refused
    assert "1080x1920" not in client.get(POSTS).content.decode().split("</table>")[0]
    post = Post.objects.get()
    assert size_of(packed(client, post)[f"post-{post.on}-fr.jpg"]) == (1080, 1080)
