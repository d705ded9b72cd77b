"""The campaign's editor: what a communications team changes without an engineer."""

import html
import re
from dataclasses import replace
from datetime import date

import pytest

from vigie.campaign.agreement import disagreements
from vigie.campaign.card.design import SIZES
from vigie.campaign.content import LANGUAGES, Content, contrast, shipped
from vigie.campaign.models import Campaign
from vigie.campaign.selectors import current, may_publish, named, runs
from vigie.campaign.services import Change, Stale, copy_campaign, save_campaign
from vigie.campaign.tests.support import size_of
from vigie.journal.models import Entry
from vigie.staff.models import User
from vigie.staff.permissions import Role

pytestmark = [pytest.mark.django_db(databases="__all__"), pytest.mark.rest]
SLUG = "catsforkids-2020"


@pytest.fixture
def editor(db):
    user = User.objects.add("the editor", "a password of the tests", Role.EDITOR)
    user.language = "en"
    user.save()
    return user


@pytest.fixture
def client(editor, desk_client):
    return desk_client(editor)


def form_of(page: str) -> dict[str, str]:
    """What the page's own form would send."""
    found = dict(re.findall(r'<input[^>]* name="(\w+)" value="([^"]*)"', page))
    found |= dict(re.findall(r'<input type="\w+" name="(\w+)" value="([^"]*)"', page))
    areas = re.findall(r'<textarea name="([\w-]+)"[^>]*>\n?([^<]*)</textarea>', page)
    checked = re.findall(r'<input type="checkbox" name="(\w+)"[^>]* checked', page)
    found = {n: v for n, v in found.items() if n != "csrfmiddlewaretoken"}
    return {**found, **dict(areas), **dict.fromkeys(checked, "on")}


def test_the_campaign_of_2020_ships_and_is_whole():
    content = shipped()
    assert content.problems() == []
    assert set(content.words) == set(LANGUAGES)
    assert Content.from_data(content.as_data()) == content
    assert current().slug == SLUG and not may_publish(current())


def test_what_is_saved_is_what_is_read(client):
    page = client.get(f"/campaign/{SLUG}/words/en/").content.decode()
    fields = form_of(page) | {"headline": "Dogs go round the web.", "act": "save"}
    assert client.post(f"/campaign/{SLUG}/words/en/", fields).status_code == 302
    assert Entry.objects.get(verb="campaign.edited").subject == f"campaign:{SLUG}"
    assert current().says.of("en").headline == "Dogs go round the web."
    assert current().says.of("fr") == shipped().of("fr")


def test_the_front_page_follows_the_campaign(editor, public_client):
    words = {**shipped().words}
    words["en"] = replace(words["en"], headline="Dogs go round the web.")
    save_campaign(SLUG, Change(replace(shipped(), number=12, words=words), 0), editor)
    page = public_client.get("/en/").content.decode()
    assert "Dogs go round the web." in page and ">12<" in page


def test_another_number_and_other_colours_are_settings(client):
    page = client.get(f"/campaign/{SLUG}/settings/").content.decode()
    fields = form_of(page) | {"number": "12", "colour_paper": "#ffffff", "starts": "2026-05-01"}
    del fields["public"]
    assert client.post(f"/campaign/{SLUG}/settings/", fields).status_code == 302
    saved = Campaign.objects.get()
    assert (saved.says.number, saved.says.colours.paper) == (12, "#ffffff")
    assert saved.starts == date(2026, 5, 1) and saved.version == 1


@pytest.mark.parametrize(
    ("where", "fields", "said"),
    [
        ("words/fr", {"wide": "Pour chaque photo"}, "The large word must be a word"),
        ("words/fr", {"lines_1080x1080": "78\na\nb\nc\nd\ne"}, "five lines at most"),
        ("words/fr", {"hashtag": "cats for kids"}, "begins with #"),
        ("words/fr", {"call": "見ましたか"}, "cannot be written by hand"),
        ("words/fr", {"address": ""}, "required"),
        ("settings", {"colour_ink": "#fbf7ef"}, "could not be read on this paper"),
        ("settings", {"colour_ink": "navy"}, "looks like #1f2a44"),
        ("settings", {"starts": "2026-05-02", "ends": "2026-05-01"}, "cannot end before"),
        ("settings", {"number": "0"}, "greater than or equal to 1"),
    ],
)
def test_what_would_spoil_a_card_is_refused_at_its_field_and_nothing_is_lost(
    where, fields, said, client
):
    page = client.get(f"/campaign/{SLUG}/{where}/").content.decode()
    answer = client.post(f"/campaign/{SLUG}/{where}/", form_of(page) | fields | {"act": "save"})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    for value in fields.values():
        assert value.splitlines()[0] in answer.content.decode() if value else True
    assert not Campaign.objects.exists()


def test_a_colleague_who_was_quicker_is_not_overwritten(client, editor):
    page = client.get(f"/campaign/{SLUG}/words/nl/").content.decode()
    mine = form_of(page) | {"headline": "Mine", "act": "save"}
    save_campaign(SLUG, Change(shipped(), 0), editor)
    answer = client.post(f"/campaign/{SLUG}/words/nl/", mine)
    assert answer.status_code == 409
    assert f'href="/campaign/{SLUG}/words/nl/"' in answer.content.decode()
    assert current().says.of("nl").headline != "Mine"
    save_campaign(SLUG, Change(shipped(), 1), editor)
    with pytest.raises(Stale):
        save_campaign(SLUG, Change(shipped(), 1), editor)


def test_the_editor_is_told_why_the_one_sentence_changes_no_card(client):
    page = client.get(f"/campaign/{SLUG}/words/de/").content.decode()
    assert "The cards show the two broken forms of it" in page
    assert 'data-drawing="The cards are being drawn' in page


def test_the_cards_follow_what_is_typed_before_anything_is_saved(client):
    page = client.get(f"/campaign/{SLUG}/words/de/").content.decode()
    typed = form_of(page) | {"size": "1200x630", "lines_1200x630": "Nur\n78 Bilder"}
    shown = client.post(f"/campaign/{SLUG}/preview/de/", typed)
    assert size_of(shown.content) == (1200, 630)
    usual = client.post(f"/campaign/{SLUG}/preview/de/", form_of(page) | {"size": "1200x630"})
    assert shown.content != usual.content
    wrong = typed | {"lines_1200x630": "Nur Bilder"}
    assert client.post(f"/campaign/{SLUG}/preview/de/", wrong).status_code == 422
    without_script = client.post(f"/campaign/{SLUG}/words/de/", typed | {"act": "preview"})
    assert without_script.status_code == 200 and not Campaign.objects.exists()


def test_the_pages_are_seen_before_anything_is_saved(client):
    page = f"/campaign/{SLUG}/pages/de/"
    assert current().says.of("de").lead in html.unescape(client.get(page).content.decode())
    form = form_of(client.get(f"/campaign/{SLUG}/words/de/").content.decode())
    words = {"headline": "Ein Hund,\nviele", "invite": "Leiht euren Hund"}
    tried = client.post(page, form | words)
    text = tried.content.decode()
    assert "Ein Hund,<br>viele" in text and ">Leiht euren Hund<" in text and 'lang="de"' in text
    assert not Campaign.objects.exists()
    wrong = client.post(page, form | {"hashtag": "no hash"})
    assert wrong.status_code == 422 and "viele" not in wrong.content.decode()


def test_the_addresses_are_confirmed_by_name_and_a_changed_one_asks_again(client, editor):
    page = client.get(f"/campaign/{SLUG}/settings/").content.decode()
    client.post(f"/campaign/{SLUG}/settings/", form_of(page) | {"addresses_are_ours": "on"})
    assert Campaign.objects.get().addresses_by == editor.actor
    page = client.get(f"/campaign/{SLUG}/words/fr/").content.decode()
    client.post(f"/campaign/{SLUG}/words/fr/", form_of(page) | {"lead": "Autre", "act": "save"})
    assert may_publish(current())
    page = client.get(f"/campaign/{SLUG}/words/fr/").content.decode()
    changed = form_of(page) | {"address": "x.be", "act": "save"}
    said = client.post(f"/campaign/{SLUG}/words/fr/", changed, follow=True)
    assert not may_publish(current())
    assert "No card can be made with it until" in said.content.decode()


def test_a_new_campaign_begins_as_a_copy_and_waits_for_its_day(client, editor):
    fields = {"slug": "dogs", "starts": "2030-01-01", "ends": "2030-02-01"}
    assert client.post("/campaign/", fields).status_code == 302
    assert current(date(2026, 1, 1)).slug == current(date(2030, 1, 15)).slug == SLUG
    assert ">draft<" in client.get("/campaign/").content.decode()
    page = client.get("/campaign/dogs/settings/").content.decode()
    assert "public" not in (form := form_of(page))
    assert client.post("/campaign/dogs/settings/", form | {"public": "on"}).status_code == 302
    assert current(date(2030, 1, 15)).slug == "dogs"
    later = date(2031, 1, 1)
    assert current(later).slug == "dogs" and not runs(current(later), later)
    assert client.post("/campaign/", fields).status_code == 422
    with pytest.raises(Stale):
        copy_campaign(current(), SLUG, date(2030, 1, 1), date(2030, 1, 2), editor)


def test_a_campaign_takes_the_place_of_the_running_one_only_when_somebody_says_so(client, editor):
    first, last = date(2026, 1, 1), date(2098, 1, 1)
    copy_campaign(current(), "dogs", first, last, editor)
    page = "/campaign/dogs/settings/"
    form = form_of(client.get(page).content.decode())
    assert "instead" not in form
    asked = client.post(page, form | {"public": "on"})
    assert asked.status_code == 422 and current().slug == SLUG
    assert f"it takes the place of “{current().says.name}”" in asked.content.decode()
    both = form | {"public": "on", "instead": "on"}
    saved = client.post(page, both, follow=True).content.decode()
    assert "The campaign is saved. It runs now." in saved and current().slug == "dogs"
    again = form_of(saved) | {"public": "on"}
    assert client.post(page, again).status_code == 302, "it runs already"


def test_the_running_one_is_ended_by_its_dates_only_when_somebody_says_so(client, editor):
    copy_campaign(current(), "dogs", date(2026, 1, 1), date(2098, 1, 1), editor)
    page = "/campaign/dogs/settings/"
    form = form_of(client.get(page).content.decode()) | {"public": "on", "instead": "on"}
    saved = form_of(client.post(page, form, follow=True).content.decode())
    away = saved | {"starts": "2097-01-01"}
    asked = client.post(page, away)
    assert asked.status_code == 422 and current().slug == "dogs"
    assert f"and “{shipped().name}” takes its place" in asked.content.decode()
    Campaign.objects.create(
        slug=SLUG, starts=date(2020, 1, 1), ends=date(2020, 2, 1), content=shipped().as_data()
    )
    assert "no campaign runs" in client.post(page, away).content.decode()
    assert client.post(page, away | {"instead": "on"}).status_code == 302
    assert current().slug == SLUG and not runs(current())


def test_texts_of_another_number_are_named_where_they_keep_it_from_being_published(client, editor):
    copy_campaign(current(), "dogs", date(2030, 1, 1), date(2030, 12, 31), editor)
    page = "/campaign/dogs/settings/"
    form = form_of(client.get(page).content.decode()) | {"public": "on", "number": "50"}
    said = html.unescape(client.post(page, form).content.decode())
    (told,) = re.findall(r"another sum: (.*?)\. Keep", said)
    assert [one.partition(" (")[0] for one in told.split("; ")] == ["DE", "EN", "FR", "NL"]
    assert "EN (The message, as one sentence · What the front page says under it · " in told


def test_which_campaign_runs_when_is_said_at_saving_and_in_the_list(client, editor):
    def saved(slug: str, starts: date, ends: date | None = None) -> str:
        copy_campaign(current(), slug, starts, date(2098, 1, 1), editor)
        page = f"/campaign/{slug}/settings/"
        form = form_of(client.get(page).content.decode())
        form |= {"public": "on", "instead": "on", "ends": ends.isoformat() if ends else ""}
        return client.post(page, form, follow=True).content.decode()

    assert "It runs now." in saved("dogs", date(2026, 2, 1))
    assert "which began later, runs now." in saved("birds", date(2026, 1, 1))
    assert "It runs from 1 Jan 2097 on." in saved("fish", date(2097, 1, 1))
    assert "its last day is past" in saved("mice", date(2026, 1, 1), date(2026, 1, 2))
    listed = client.get("/campaign/").content.decode()
    for tag in ("running", "not shown: one that began later runs", "to come", "over"):
        assert listed.count(f">{tag}<") == 1


def test_a_size_takes_the_breaks_of_its_layout_unless_it_has_its_own():
    words = shipped().of("en")
    assert words.wording("1200x630").lines == tuple(words.narrow.splitlines())
    own = replace(words, lines={"1080x1920": "For every\n78"})
    assert own.wording("1080x1920").lines == ("For every", "78")
    assert own.wording("1080x1080").lines == tuple(words.wide.splitlines())
    assert all(words.wording(size).lines for size in SIZES)


def test_contrast_is_reckoned_as_the_guidelines_do():
    assert round(contrast("#000000", "#ffffff"), 2) == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


@pytest.mark.parametrize("place", ["x/settings", f"{SLUG}/words/xx", "x/words/fr"])
def test_what_does_not_exist_is_not_found(place, client):
    assert client.get(f"/campaign/{place}/").status_code == 404


def test_a_copy_is_a_draft_of_which_the_public_sees_nothing(editor, public_client):
    today = date.today()
    copy_campaign(current(), "dogs", today, today, editor)
    dogs = Campaign.objects.get(slug="dogs")
    assert current().slug == SLUG and not runs(dogs)
    for kind in ("card", "blank"):
        picture = f"/campaign/{kind}/dogs-1/en/1080x1080.jpg"
        assert public_client.get(picture).status_code == 404


def test_no_other_number_and_no_other_sum_is_published(client):
    settings, words = f"/campaign/{SLUG}/settings/", f"/campaign/{SLUG}/words/nl/"
    fields = form_of(client.get(settings).content.decode()) | {"number": "12", "base": "100000"}
    refused = client.post(settings, fields)
    told = refused.content.decode()
    assert refused.status_code == 422 and all(f"{one} (" in told for one in ("DE", "EN", "FR"))
    fields = form_of(client.get(words).content.decode()) | {"total": "ongeveer 12 miljoen"}
    refused = client.post(words, fields | {"act": "save"})
    assert refused.status_code == 422 and "18,954,000" in refused.content.decode()
    assert not Campaign.objects.exists()


@pytest.mark.parametrize(
    ("language", "total", "agrees"),
    [
        ("fr", "environ 19 millions", True),
        ("nl", "18,95 miljoen", True),
        ("en", "18,954,000", True),
        ("de", "18.954.000", True),
        ("en", "0.019 billion", True),
        ("de", "19 Tausend", False),
        ("de", "0,019 Billion", False),
        ("fr", "environ 12 millions", False),
        ("fr", "beaucoup", False),
    ],
)
def test_a_sum_is_read_as_each_language_writes_it(language, total, agrees):
    own = replace(shipped().words[language], total=total)
    found = disagreements(replace(shipped(), words={**shipped().words, language: own}))
    assert found == ([] if agrees else [(f"{language}.total", "sum")])


def test_a_text_that_holds_figures_holds_the_number():
    own = replace(shipped().words["en"], message="For every dog, 12 images.", loud="12")
    found = disagreements(replace(shipped(), words={**shipped().words, "en": own}))
    assert found == [("en.message", "number"), ("en.loud", "number")]
    own = replace(shipped().words["en"], message="For every cat photo, many images.")
    assert disagreements(replace(shipped(), words={**shipped().words, "en": own})) == []


def pictures_of(page: str) -> list[str]:
    return re.findall(r'"(?:http://testserver)?(/campaign/(?:blank|card|message)/[^"]+)"', page)


@pytest.mark.parametrize("published", [False, True])
def test_while_a_change_is_a_draft_the_public_keeps_what_it_saw(published, client, request):
    settings = f"/campaign/{SLUG}/settings/"
    if published:
        form = form_of(client.get(settings).content.decode())
        client.post(settings, form | {"addresses_are_ours": "on", "name": "As published"})
    before = current()
    form = form_of(client.get(settings).content.decode()) | {"number": "12"}
    del form["public"]
    assert client.post(settings, form).status_code == 302
    client.post(f"/campaign/{SLUG}/photo/", {"version": "2", "x": 50, "y": 40, "zoom": 100})
    assert Campaign.objects.get().says.number == 12
    assert (current().version, current().says) == (before.version, before.says)
    assert may_publish(current()) == published
    assert named(SLUG).version == before.version
    public_client = request.getfixturevalue("public_client")
    page = public_client.get("/en/").content.decode()
    assert ">78<" in page and len(found := pictures_of(page)) == 3
    assert [public_client.get(one).status_code for one in found] == [200] * 3
    assert public_client.get("/en/card/").status_code == (200 if published else 503)


def test_what_is_published_again_takes_the_place_of_what_was_before(client, editor):
    save_campaign(SLUG, Change(shipped(), 0), editor)
    twelve = replace(shipped(), number=12)
    save_campaign(SLUG, Change(twelve, 1, draft=True), editor)
    save_campaign(SLUG, Change(twelve, 2), editor)  # the words of a draft
    assert current().says.number == 78
    save_campaign(SLUG, Change(twelve, 3, draft=False), editor)
    assert current().says.number == 12 and Campaign.objects.get().before is None


def test_what_has_not_begun_and_becomes_a_draft_is_not_public_on_its_day(editor):
    first, last = date(2098, 1, 1), date(2098, 2, 1)
    copy_campaign(current(), "dogs", first, last, editor)
    save_campaign("dogs", Change(shipped(), 1, first, last, draft=False), editor)
    assert current(first).slug == "dogs"
    save_campaign("dogs", Change(shipped(), 2, first, last, draft=True), editor)
    assert current(first).slug == SLUG and named("dogs") is None


def test_a_first_day_to_come_leaves_the_shipped_campaign_its_pictures(editor, public_client):
    save_campaign(SLUG, Change(shipped(), 0, starts=date(2098, 1, 1), draft=False), editor)
    found = pictures_of(public_client.get("/en/").content.decode())
    assert [public_client.get(one).status_code for one in found] == [200] * 3


def test_under_an_older_address_hangs_what_is_in_force_and_not_for_long(editor, public_client):
    old = pictures_of(public_client.get("/en/").content.decode())
    words = {**shipped().words, "en": replace(shipped().words["en"], call="Seen it?")}
    save_campaign(SLUG, Change(replace(shipped(), words=words), 0), editor)
    new = pictures_of(public_client.get("/en/").content.decode())
    overlay = f"/campaign/overlay/{SLUG}-%d/en/1080x1080.webp"
    pairs = [*zip(old, new, strict=True), (overlay % 0, overlay % 1)]
    for before, now in pairs:
        first, second = public_client.get(before), public_client.get(now)
        assert before != now and first.content == second.content
        assert (first["Cache-Control"], second["Cache-Control"]) == (
            "public, max-age=300",
            "public, max-age=86400",
        )


def test_of_an_ended_campaign_nobody_says_that_it_runs(client, editor, request):
    first, last = date(2026, 1, 1), date(2026, 2, 1)
    copy_campaign(current(), "dogs", first, last, editor)
    page = client.get("/campaign/").content.decode()
    assert ">running<" in page and ">until another one begins<" in page
    save_campaign("dogs", Change(shipped(), 1, first, last, draft=False), editor)
    page = client.get("/campaign/").content.decode()
    assert ">running<" not in page and ">over: its wall stays<" in page
    assert "No campaign runs just now" in page
    front = request.getfixturevalue("public_client").get("/en/").content.decode()
    assert f">{shipped().of('en').invite}</a>" not in front


def test_a_running_campaign_whose_changes_are_a_draft_says_both(client, editor):
    save_campaign(SLUG, Change(shipped(), 0, draft=True), editor)
    page = client.get("/campaign/").content.decode()
    assert ">running<" in page and ">what was changed is a draft<" in page and ">draft<" not in page


@pytest.mark.parametrize(
    ("cards", "french", "english"),
    [(0, "one_joined", "joined"), (1, "one_joined", "one_joined"), (2, "joined", "joined")],
)
def test_none_is_counted_as_each_language_counts_it(cards, french, english):
    for language, name in {"fr": french, "en": english, "nl": english, "de": english}.items():
        assert shipped().joined(cards, language) == getattr(shipped().of(language), name)


LONG_NOTE = (
    "For every single dog photo published on the internet, 50 images\n"
    "of child sexual abuse are shared every day."
)
ADDRESS = "a-hotline-with-a-name-that-nobody-remembers.example.org/en"


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"wide": LONG_NOTE, "loud": "50"}, {"wide"}),
        ({"lines": {"1080x1350": LONG_NOTE}, "loud": ""}, {"lines.1080x1350"}),
        ({"address": ADDRESS}, {"address"}),
        ({"hashtag": "#catsanddogsforeverychildoftheworld"}, {"hashtag"}),
    ],
)
def test_words_that_would_be_too_small_on_a_card_are_refused_at_their_field(changed, where):
    words = {**shipped().words}
    words["en"] = replace(words["en"], **changed)
    found = replace(shipped(), words=words).problems()
    assert {place.removeprefix("en.") for place, rule in found if rule == "small"} == where


@pytest.mark.parametrize("address", ['evil.com"><script>', "two words.org", "a\\b.org", "it's.org"])
def test_an_address_is_one_that_a_person_could_type(address, client):
    page = client.get(f"/campaign/{SLUG}/words/en/").content.decode()
    fields = form_of(page) | {"address": address, "act": "save"}
    answer = client.post(f"/campaign/{SLUG}/words/en/", fields)
    assert answer.status_code == 422
    assert "An address has no spaces" in answer.content.decode()
    assert current().says.of("en").address == shipped().of("en").address


def test_the_form_of_another_campaign_speaks_the_language_of_the_desk(client, editor):
    assert "Short name, for addresses" in client.get("/campaign/").content.decode()
    editor.language = "de"
    editor.save()
    page = client.get("/campaign/").content.decode()
    assert "Erster Tag" in page
    assert "Short name, for addresses" not in page
