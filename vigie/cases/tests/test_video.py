"""A video at the desk: known by its bytes, looked at by a few stills, each of them one look."""

import hashlib
import io
from urllib.parse import unquote

import pytest
from django.utils import translation
from PIL import Image

from tests.factories import looked
from tests.outside import Says
from vigie.cases.deciding.decision import Decision
from vigie.cases.deciding.services import ReasonNeeded, assess
from vigie.cases.desk.selectors import long_videos, pictures_of, rows
from vigie.cases.looks.looking import WhyAsked, view_picture
from vigie.cases.looks.seen import Stills
from vigie.cases.models import AssessedPicture, View
from vigie.items.flow import State
from vigie.items.models import Item
from vigie.journal.models import Entry
from vigie.journal.verbs import Verb
from vigie.lib import clock
from vigie.lib.fetch import Limits
from vigie.matching import judged
from vigie.matching.models import JudgedHash
from vigie.sandbox.pictures import film
from vigie.staff.models import User
from vigie.tracing import visit

pytestmark = [pytest.mark.django_db(databases="__all__"), pytest.mark.rest]
FILM = film("desk")
SHA256 = hashlib.sha256(FILM).hexdigest()
PAGE = b"""<!doctype html><video poster="/none"><source src="/f" type="video/webm">
<source src="/sound" type="audio/ogg"></video><a href="/more.mp4">more</a>"""


@pytest.fixture(autouse=True)
def in_english(analyst) -> None:
    User.objects.filter(pk=analyst.pk).update(language="en")
    analyst.refresh_from_db()


@pytest.fixture
def item(outside, report_of) -> Item:
    outside.site.pages["/f"] = Says(body=FILM, type="application/octet-stream")
    (found,) = report_of(outside.site.url("/f"))
    looked(found)
    return found


def test_the_first_look_hashes_a_video_and_never_parses_it(item):
    media = item.looks.get().media.get()
    assert (media.outcome, media.mime, media.size) == ("ok", "video/webm", len(FILM))
    assert media.sha256 == SHA256 and media.md5 == hashlib.md5(FILM).hexdigest()
    assert (media.pdq, media.width) == ("", 0)


def test_the_queue_tells_videos_from_pictures(item):
    (row,) = rows([item])
    with translation.override("en"):
        assert row.met == "1 video, 0 known"


def test_the_videos_of_a_page_are_found_and_its_sounds_are_not_asked_for(outside, report_of):
    outside.site.pages |= {"/page": Says(body=PAGE), "/f": Says(body=FILM, type="video/webm")}
    outside.site.pages["/more.mp4"] = Says(body=FILM, type="image/jpeg")
    (item,) = report_of(outside.site.url("/page"))
    looked(item)
    kept = list(item.looks.get().media.values_list("mime", "sha256", "outcome"))
    assert kept == [("", "", "http_404"), *[("video/webm", SHA256, "ok")] * 2]
    assert "/sound" not in outside.site.asked


@pytest.mark.parametrize("of", ["address", "page"])
def test_a_longer_video_is_said_to_be_so_and_not_hashed(
    of, outside, report_of, monkeypatch, desk_client, analyst
):
    few = Limits(raw_bytes=20_000, body_bytes=20_000)
    monkeypatch.setattr(visit, "VIDEO_LIMITS", few)
    outside.site.pages["/f"] = Says(body=FILM, type="video/webm")
    outside.site.pages["/page"] = Says(body=b'<!doctype html><video src="/f"></video>')
    (item,) = report_of(outside.site.url("/f" if of == "address" else "/page"))
    looked(item)
    media = item.looks.get().media.get()
    assert (media.outcome, media.sha256, media.is_video) == ("too_large", "", True)
    assert long_videos(item.looks.get()) == 1
    page = desk_client(analyst).get(f"/queue/items/{item.pk}/").content.decode()
    assert "1 video is larger than 100 MB" in page


def test_each_still_is_a_look_and_is_seen_once_without_a_reason(item, desk_client, analyst):
    media, client = item.looks.get().media.get(), desk_client(analyst)
    path = f"/queue/items/{item.pk}/pictures/{media.pk}/"
    answers = [client.post(path, {"still": n}) for n in (1, 2)]
    assert [(a.status_code, a["X-Of"], a["X-Same"]) for a in answers] == [(200, "6", "yes")] * 2
    assert client.post(path, {"still": 2})["X-Why"] == "asked"
    assert client.post(path, {"still": 2, "large": "yes"}).status_code == 200
    views = View.objects.order_by("pk").values_list("still", "large", "sha256", "outcome")
    assert list(views) == [(n, big, SHA256, "ok") for n, big in ((1, 0), (2, 0), (2, 1))]
    lines = Entry.objects.filter(verb=Verb.MEDIA_VIEWED).order_by("seq").values_list("detail")
    assert [f'"still":{n}' in one for n, (one,) in zip((1, 2, 2), lines, strict=True)] == [True] * 3
    (shown,) = pictures_of(item, item.looks.get(), analyst.pk)
    assert (shown.seen, shown.next_still) == (True, 3)
    page = client.get(f"/queue/items/{item.pk}/").content.decode()
    assert "Video 1" in page and 'data-next="3"' in page


@pytest.mark.parametrize("still", ["0", "7", "-1", "", "x", "1.5"])
def test_a_still_that_no_video_has_is_refused_as_that_and_is_no_look(
    still, item, desk_client, analyst
):
    path = f"/queue/items/{item.pk}/pictures/{item.looks.get().media.get().pk}/"
    answer = desk_client(analyst).post(path, {"still": still})
    assert (answer.status_code, answer.content) == (400, b"")
    assert unquote(answer["X-Outcome"]) == "this video has no more stills"
    assert not View.objects.exists()


def test_whoever_wishes_for_outlines_is_sent_nothing_else(item, desk_client, analyst):
    client = desk_client(analyst)
    chosen = {"blur": "strong", "outlines": "on", "calm_every": "0"}
    assert client.post("/queue/care/manner/", chosen).status_code == 302
    path = f"/queue/items/{item.pk}/pictures/{item.looks.get().media.get().pk}/"
    shown = Image.open(io.BytesIO(client.post(path).content)).convert("HSV")
    assert shown.getchannel("S").getextrema() == (0, 0), "no colour is left in it"


def test_why_nothing_is_shown_is_said_in_words(item, outside, desk_client, analyst):
    media = item.looks.get().media.get()
    outside.site.pages["/f"] = Says(body=FILM[:300], type="video/webm")
    answer = desk_client(analyst).post(f"/queue/items/{item.pk}/pictures/{media.pk}/")
    assert answer.status_code == 204 and answer["X-Outcome"].startswith("no%20moving%20picture")


def test_a_decision_is_bound_to_the_videos_bytes_and_the_same_bytes_are_known(
    item, outside, report_of, analyst
):
    media = item.looks.get().media.get()
    for number in range(1, 7):
        view_picture(item, media, analyst, number=number)
    look = item.looks.get().pk
    assess(item, analyst, Decision("not_illegal", look, picture_ids=frozenset({media.pk})))
    assert AssessedPicture.objects.get().sha256 == SHA256
    outside.site.pages["/again"] = Says(body=FILM, type="video/webm")
    (again,) = report_of(outside.site.url("/again"))
    looked(again)
    assert again.state in (State.TO_ASSESS, State.NEW, State.CLOSED)
    (shown,) = pictures_of(again, again.looks.get(), analyst.pk)
    assert shown.known and shown.known.classification == "not_illegal"
    with pytest.raises(WhyAsked):
        view_picture(again, shown.media, analyst, number=2)


def sees(item: Item, by: User, *stills: int, of: int = 6, sha256: str = SHA256) -> None:
    """These stills were on their screen."""
    for still in stills:
        outcome = "ok" if still <= of else "no_more"
        View.objects.create(
            item=item, media=item.looks.get().media.get(), by=by, at=clock.now(), outcome=outcome,
            still=still, of=of, sha256=sha256,
        )  # fmt: skip


def closes(item: Item, by: User, kind: str = "not_illegal", reason: str = "") -> None:
    look = item.looks.get()
    assess(item, by, Decision(kind, look.pk, reason, picture_ids=frozenset({look.media.get().pk})))


@pytest.mark.parametrize("kind", ["not_illegal", "other_illegal", "cannot_assess"])
def test_what_closes_an_item_over_a_video_takes_all_its_stills_or_a_reason(item, analyst, kind):
    sees(item, analyst, 1, 2)
    for reason in ("", ".", "–", "aaa"):
        with pytest.raises(ReasonNeeded) as asked:
            closes(item, analyst, kind, reason)
        assert (asked.value.kind, asked.value.pictures) == ("unseen", (1,))
        assert asked.value.partly[1] == Stills(2, 6, SHA256)
    closes(item, analyst, kind, "the same all along")
    assert '"partly_seen":1' in Entry.objects.filter(verb=Verb.ITEM_ASSESSED).latest("seq").detail
    assert not JudgedHash.objects.exists(), "what some stills show is no judgement of the whole"


@pytest.mark.parametrize(("stills", "of"), [((1, 2, 3, 4, 5, 6), 6), ((1, 2, 3), 3), ((1, 2), 1)])
def test_who_saw_all_that_there_are_needs_none_and_it_is_remembered(item, analyst, stills, of):
    sees(item, analyst, *stills, of=of)
    closes(item, analyst)
    assert JudgedHash.objects.get().sha256 == SHA256


def test_stills_of_other_bytes_and_of_colleagues_do_not_count(item, analyst, lead):
    sees(item, lead, 1, 2, 3, 4, 5, 6)
    sees(item, analyst, 1, 2, 3, sha256="b" * 64)
    sees(item, analyst, 4, 5, 6)
    with pytest.raises(ReasonNeeded) as asked:
        closes(item, analyst)
    assert asked.value.partly[1].seen == 3


def test_to_confirm_one_still_is_enough_and_it_is_remembered(item, analyst):
    sees(item, analyst, 3)
    closes(item, analyst, "national")
    assert item.state == State.CONFIRMED
    assert JudgedHash.objects.get().classification == "national"


def test_some_stills_contradict_nobody(item, analyst, lead, outside, report_of):
    sees(item, lead, 1)
    closes(item, lead, "baseline")
    outside.site.pages["/again"] = Says(body=FILM, type="video/webm")
    (again,) = report_of(outside.site.url("/again"))
    looked(again)
    sees(again, analyst, 1)
    closes(again, analyst, reason="a drawing, it seems")
    assert not JudgedHash.objects.get().otherwise
    assert [row.classification for row in judged.standing()] == ["baseline"]


def test_the_form_names_the_video_and_how_much_of_it_was_seen(item, desk_client, analyst):
    sees(item, analyst, 1, 2)
    client, path = desk_client(analyst), f"/queue/items/{item.pk}/"
    assert "stills seen: 2 of 6" in client.get(path).content.decode()
    form = {"classification": "not_illegal", "look": item.looks.get().pk}
    answer = client.post(f"{path}assess/", {**form, "reason": "."})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Not seen by you: video 1 (stills seen: 2 of 6). Look" in page
    assert "not a reason yet" in page and ".</textarea>" in page
    assert "Not everything was looked at" in page
    sent = client.post(f"{path}assess/", {**form, "reason": "the same all along"})
    assert sent.status_code == 302


def test_a_video_that_nobody_saw_is_named_as_one(item, desk_client, analyst):
    form = {"classification": "cannot_assess", "look": item.looks.get().pk}
    answer = desk_client(analyst).post(f"/queue/items/{item.pk}/assess/", form)
    assert "Not seen by you: video 1. Look" in answer.content.decode()


def test_how_many_stills_there_are_is_kept_with_the_look(item, analyst):
    view_picture(item, item.looks.get().media.get(), analyst, number=2)
    assert View.objects.get().of == 6
    (shown,) = pictures_of(item, item.looks.get(), analyst.pk)
    assert shown.stills == Stills(1, 6, SHA256) and not shown.stills.whole
