"""The card studio, as a browser without scripts uses it."""

import base64
import html
import io
import re
import threading
import uuid
from urllib.parse import unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError
from django.http import HttpResponse
from PIL import Image

from bench.sheets import sheet
from vigie.campaign.card.admission import MOST_FILE_BYTES
from vigie.campaign.forms import StudioForm, writable
from vigie.campaign.kits.models import KitUse
from vigie.campaign.kits.services import close_kit, make_kit
from vigie.campaign.models import Campaign
from vigie.campaign.room import CARDS
from vigie.campaign.selectors import current
from vigie.campaign.services import Change, save_campaign
from vigie.campaign.tests.support import photo, sent, size_of
from vigie.campaign.wall import offering, queue
from vigie.campaign.wall.consent import CURRENT
from vigie.campaign.wall.models import Escalation, Submission
from vigie.intake.models import Letter
from vigie.matching.engine.luma import hash_picture
from vigie.matching.engine.tests.pictures import saved
from vigie.matching.lists.tests.support import loaded
from vigie.worker.loop import CAMPAIGN, one_round

pytestmark = [pytest.mark.django_db(databases="__all__"), pytest.mark.rest]
# Drawing takes half a second for each; in a browser all are made in any case.
FURTHER = [
    pytest.param(size, marks=pytest.mark.matrix) for size in ("1080x1080", "1080x1350", "1080x1440")
]
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"  # three people in one emoji
CONSENT = {"act": "wall", "consent": "on", "age": "old"}


@pytest.fixture(autouse=True)
def ours(lead):
    save_campaign(current().slug, Change(current().says, 0, addresses_are_ours=True), lead)


def card_on(page: str) -> bytes:
    (data,) = re.findall(r'<img src="data:image/jpeg;base64,([^"]+)"', page)
    return base64.b64decode(data)


@pytest.mark.parametrize("size", ["1080x1920", "1200x630", *FURTHER])
def test_a_photo_becomes_a_card_of_the_chosen_size(size, public_client):
    answer = sent(public_client, photo(), act="download", size=size)
    assert answer["Content-Type"] == "image/jpeg"
    assert f'filename="catsforkids-2020-fr-{size}.jpg"' in answer["Content-Disposition"]
    assert "x".join(map(str, size_of(answer.content))) == size


def test_the_card_is_on_the_page_that_answers_and_nothing_is_kept(public_client):
    page = sent(public_client, photo(), act="see", language="nl", name="Poes").content.decode()
    assert size_of(card_on(page)) == (1080, 1080)
    assert "Voor elke kattenfoto" in page
    assert not Submission.objects.exists() and not Letter.objects.exists()


def test_the_crop_follows_the_focus_and_the_zoom(public_client):
    cards = [
        sent(public_client, photo(), act="download", **focus).content
        for focus in ({}, {"zoom": "3"}, {"zoom": "3", "x": "0.1", "y": "0.1"}, {"place": "lower"})
    ]
    assert len({Image.open(io.BytesIO(c)).tobytes() for c in cards}) == 4


@pytest.mark.parametrize(
    "focus",
    [
        {"zoom": "nan"},
        {"x": "inf", "y": "-9"},
        {"zoom": "1e99"},
        {"size": "9x9", "language": "xx"},
        {"name": "\0" * 9},
        {"name": "🐈" * 400},
        {"once": "nothing"},
        {"kit": "../x"},
    ],
)
def test_what_makes_no_sense_in_the_form_never_costs_the_card(focus, public_client):
    answer = sent(public_client, photo(), act="download", **focus)
    assert answer["Content-Type"] == "image/jpeg"


def test_with_the_message_already_on_the_photo_nothing_is_written_on_it(public_client):
    plain = io.BytesIO()
    Image.new("RGB", (1200, 1200), (10, 200, 30)).save(plain, "PNG")
    card = sent(public_client, plain.getvalue(), act="download", mine="on").content
    low, high = Image.open(io.BytesIO(card)).convert("RGB").getextrema()[1]
    assert low > 190 and high < 210


HOSTILE = {
    b"": "Choose a photo first",
    b"hello": "not a photo that we can read",
    b"<svg xmlns='http://www.w3.org/2000/svg'/>": "another kind of file",
    b"GIF89a" + bytes(40): "another kind of file",
    b"\x89PNG\r\n\x1a\n" + bytes(60): "damaged",
    b"\xff\xd8\xff" + bytes(4000): "damaged",
    bytes(MOST_FILE_BYTES + 5): "larger than 20 MB",
}


@pytest.mark.parametrize("data", HOSTILE, ids=range(len(HOSTILE)))
def test_a_file_that_is_no_photo_gets_a_clear_sentence(data, public_client):
    answer = sent(public_client, data, path="/en/card/", act="see", name="Felix")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert HOSTILE[data] in page
    assert 'value="Felix"' in page


def test_other_files_of_the_form_are_dropped_unread(public_client):
    other = SimpleUploadedFile("x", b"x" * 1000)
    answer = public_client.post("/en/card/", {"act": "see", "other": other})
    assert answer.status_code == 422


def test_giving_it_to_the_wall_keeps_the_pictures_the_hashes_and_the_consent(public_client):
    once = uuid.uuid4()
    fields = {**CONSENT, "once": str(once), "name": "  Mi\nnou ", "language": "de"}
    answers = [sent(public_client, photo(3), **fields) for _ in range(2)]
    row = Submission.objects.get()
    assert (row.name, row.language, row.age) == ("Mi nou", "de", "old")
    assert row.consent == CURRENT
    assert (len(row.md5), len(row.sha1), len(row.sha256), len(row.pdq)) == (32, 40, 64, 64)
    assert size_of(bytes(row.card)) == (1080, 1080) and size_of(bytes(row.wide)) == (1200, 630)
    links = [
        re.findall(r"http://testserver(/\w\w/wall/back/\w+/)", a.content.decode()) for a in answers
    ]
    assert links[0] == links[1] and len(set(links[0])) == 1
    assert public_client.post(links[0][0]).status_code == 200


def test_of_words_that_are_not_ours_nothing_is_claimed(public_client):
    ours = current().says.of("en").alt
    page = sent(public_client, photo(3), path="/en/card/", **CONSENT, mine="on").content.decode()
    row = Submission.objects.get()
    assert row.flags == "own" and "message of their own" in row.alt
    assert page.count(row.alt) == 2 and html.escape(ours) not in page
    sent(public_client, photo(4), path="/en/card/", **CONSENT)
    assert Submission.objects.get(flags="").alt == ours


def test_of_a_contact_sheet_each_picture_is_compared_and_nobody_sees_it_if_one_is_known(
    public_client, tmp_path
):
    drawn = sheet(0, 3, 3, 90)
    on_it = hash_picture(saved(drawn.pictures[4])).pdq.value
    sent(public_client, drawn.data, **CONSENT, once=str(uuid.uuid4()))
    parts = Submission.objects.get().parts.split()
    assert len(parts) == 9
    assert (int(parts[4], 16) ^ int(on_it, 16)).bit_count() <= 31
    loaded(tmp_path, "pdq", on_it, name="police list")
    one_round(CAMPAIGN)
    assert Escalation.objects.get().why == "police list"


@pytest.mark.parametrize(
    ("fields", "said"),
    [({"age": "old"}, "not agreed"), ({"consent": "on"}, "how old"), ({}, "not agreed")],
)
def test_without_consent_or_age_the_card_is_made_and_not_kept(fields, said, public_client):
    page = sent(public_client, photo(), path="/en/card/", act="wall", **fields).content.decode()
    assert said in page and size_of(card_on(page)) == (1080, 1080)
    assert not Submission.objects.exists()


def test_a_parents_word_counts_only_where_the_campaign_allows_it(public_client, lead):
    assert sent(public_client, photo(), **{**CONSENT, "age": "parent"}).status_code == 200
    assert Submission.objects.get().age == "parent"
    campaign = Campaign.objects.get()
    campaign.content["parent_may_agree"] = False
    campaign.save()
    page = sent(public_client, photo(), path="/en/card/", **{**CONSENT, "age": "parent"})
    assert b"how old" in page.content and Submission.objects.count() == 1


def test_a_wall_with_more_than_people_can_look_at_takes_none_and_says_so(
    public_client, monkeypatch
):
    monkeypatch.setattr(queue, "MOST_WAITING", 2)
    monkeypatch.setattr(offering, "taken", queue.Taken())
    monkeypatch.setattr(queue, "taken", offering.taken)

    def send(number: int) -> str:
        answer = sent(public_client, photo(number), path="/en/card/", **CONSENT)
        assert answer.status_code == 200
        return answer.content.decode()

    for number in (1, 2):  # nobody has counted yet
        assert "wall/back" in send(number)
    page = send(3)
    assert (
        "The wall has more cards than people can look at now." in page and "wall/back" not in page
    )
    assert size_of(card_on(page)) == (1080, 1080) and Submission.objects.count() == 2
    queue.count_waiting()
    assert "more cards than" in send(3)
    Submission.objects.first().delete()
    queue.count_waiting()
    assert "wall/back" in send(3)
    assert "more cards than" in send(4)


def test_a_wall_that_cannot_be_reached_is_said_so(public_client, monkeypatch):
    def fails(*args, **kwargs):
        raise DatabaseError

    monkeypatch.setattr(Submission.objects, "bulk_create", fails)
    page = sent(public_client, photo(), path="/en/card/", **CONSENT).content.decode()
    assert "The card was NOT kept" in page and "wall/back" not in page


def test_who_waited_in_vain_is_told_to_come_back_and_where_the_photo_is(public_client, monkeypatch):
    def answer(**extra: object) -> HttpResponse:
        fields = {"photo": SimpleUploadedFile("a", photo()), "act": "see"}
        return public_client.post("/en/card/", fields, **extra)

    def told(answer: HttpResponse) -> bool:
        return answer.status_code == 503 and b"your photo is still chosen there" in answer.content

    assert told(answer(**{"vigie.no_place": True}))
    assert not told(answer(**{"vigie.no_place": False}))
    monkeypatch.setattr(CARDS, "_queue", threading.BoundedSemaphore(1))
    with CARDS:
        assert told(answer())


def test_a_kit_counts_a_page_once_and_nothing_of_who(public_client, lead):
    kit = make_kit("Mimi la chatte", current().slug, lead)
    page = public_client.get(f"/fr/card/?kit={kit.code}").content.decode()
    (once,) = re.findall(r'name="once" value="([^"]+)"', page)
    assert f'name="kit" value="{kit.code}"' in page
    for act in ("see", "download"):
        sent(public_client, photo(), act=act, kit=kit.code, once=once)
    (use,) = KitUse.objects.all()
    assert [f.name for f in KitUse._meta.fields] == ["id", "code", "week"]
    assert (use.code, use.week.weekday()) == (kit.code, 0)
    close_kit(kit, lead)
    sent(public_client, photo(), act="see", kit=kit.code)
    assert KitUse.objects.count() == 1


def test_the_browsers_preview_of_an_unusual_photo_is_a_jpeg(public_client):
    answer = public_client.post("/en/card/preview/", {"photo": SimpleUploadedFile("a", photo())})
    assert answer["Content-Type"] == "image/jpeg"
    assert max(size_of(answer.content)) <= 1600
    broken = public_client.post("/en/card/preview/", {"photo": SimpleUploadedFile("a", b"x")})
    assert broken.status_code == 422 and b"not a photo" in broken.content


def test_the_studio_is_closed_until_the_addresses_are_ours_and_between_campaigns(public_client):
    Campaign.objects.update(addresses_by="")
    assert b"not open yet" in public_client.get("/en/card/").content
    assert sent(public_client, photo(), act="see").status_code == 503
    Campaign.objects.update(addresses_by="x", starts="2020-01-01", ends="2020-02-01")
    assert b"No campaign runs" in public_client.get("/en/card/").content


def test_links_to_share_with_are_plain_and_name_no_person(public_client):
    page = sent(public_client, photo(), path="/en/card/", act="see").content.decode()
    links = re.findall(r'href="(https://[^"]+|mailto:[^"]+)" rel="noreferrer noopener"', page)
    assert len([link for link in links if "card" in unquote(link)]) == 7
    assert '<script src="http' not in page


def test_no_cookie_is_set(public_client):
    answer = sent(public_client, photo(), act="see")
    assert not answer.cookies and "Cookie" not in str(answer.headers.get("Vary", ""))


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Mi " * 300, ("Mi " * 10).strip()),
        (f"Rex {FAMILY}", f"Rex {FAMILY}"),
        ("M\u202ei\u200b", "Mi"),
        ("\u200d", ""),
    ],
)
def test_a_long_name_is_shortened_and_an_emoji_of_several_parts_stays_one(typed, shown):
    assert StudioForm({"name": typed}).pet == shown


def test_what_joins_an_emoji_is_not_written_by_hand():
    assert writable("Mi \U0001f468\u200d\U0001f469 Mo").split() == ["Mi", "Mo"]


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Félix 😺", "😺"), ("قطة", "قطة"), ("Félix", ""), ("Minou 👨‍👩‍👧", "👨👩👧")],
)
def test_what_the_hand_cannot_write_of_a_name_is_said(name, letters, public_client):
    said = f'Our handwriting does not have: <bdi translate="no">{letters}</bdi>'
    made = sent(public_client, photo(), "/en/card/", act="see", name=name).content.decode()
    assert (said in made) is bool(letters)
    refused = sent(public_client, b"no photo", "/en/card/", act="see", name=name).content.decode()
    assert (said in refused) is bool(letters)
    # Its own message is on the photo: no name is drawn.
    own = sent(public_client, photo(), "/en/card/", act="see", name=name, mine="on")
    assert "Our handwriting" not in own.content.decode()


def test_which_part_matters_is_kept_when_a_photo_is_refused(public_client):
    page = sent(public_client, b"no photo", "/en/card/", act="see", place="lower")
    assert '<option value="lower" selected>' in page.content.decode()


def test_whoever_came_by_an_ambassadors_link_keeps_it_in_every_language_and_for_another(
    lead, public_client
):
    kit = make_kit("Mimi", current().slug, lead)
    page = public_client.get(f"/nl/card/?kit={kit.code}").content.decode()
    for language in ("fr", "nl", "de", "en"):
        assert f'href="/{language}/card/?kit={kit.code}"' in page
    made = sent(public_client, photo(), act="see", kit=kit.code).content.decode()
    assert f'href="/fr/card/?kit={kit.code}">' in made
    assert "?kit=" not in public_client.get("/nl/card/").content.decode()
