"""The first look at what can be reached: hashes, host, country and abuse contact, kept right.

The outside world is the sandbox and one obedient site, reached over real sockets; the hashes that
were kept are compared with hashes computed here from the very bytes that were served.
"""

import hashlib

import pytest

from bench.sheets import sheet
from tests.factories import looked
from tests.outside import DUTCH, Says
from vigie.items import keys
from vigie.items.flow import State
from vigie.journal.models import Entry
from vigie.matching.picture import picture_hashes
from vigie.sandbox.pictures import picture
from vigie.tracing.models import Hosting, Look, Media
from vigie.tracing.page import decoded, pictures_of

pytestmark = pytest.mark.django_db(databases="__all__")
CAT, DOG = picture("cat", "jpg"), picture("dog", "png")


def _kept(look: Look) -> list[tuple[int, str, str, str]]:
    return list(look.media.values_list("position", "outcome", "sha256", "pdq"))


def _right(position: int, data: bytes) -> tuple[int, str, str, str]:
    return position, "ok", hashlib.sha256(data).hexdigest(), picture_hashes(data)["pdq"]


def test_each_picture_of_a_page_is_kept_by_its_hashes_and_its_sealed_address(outside, report_of):
    outside.site.album("/album", CAT, DOG)
    (item,) = report_of(outside.site.url("/album"))
    look = looked(item)
    assert (look.outcome, look.status, item.state) == ("ok", 200, State.TO_ASSESS)
    assert look.sha256 == hashlib.sha256(outside.site.pages["/album"].body).hexdigest()
    assert _kept(look) == [_right(1, CAT), _right(2, DOG)]
    first, second = look.media.all()
    assert keys.opened(first.url) == outside.site.url("/album-1")
    assert (first.md5, first.sha1) == (hashlib.md5(CAT).hexdigest(), hashlib.sha1(CAT).hexdigest())
    assert (first.mime, first.width, first.height, first.size) == ("image/jpeg", 480, 360, len(CAT))
    assert second.mime == "image/png"  # by its bytes: the site called it image/jpeg
    assert b"album" not in bytes(first.url)


def test_of_a_sheet_of_pictures_the_hash_of_each_is_kept_as_well(outside, report_of):
    drawn = sheet(0, 3, 3, 90)
    outside.site.album("/album", drawn.data, CAT)
    of_sheet, of_cat = looked(report_of(outside.site.url("/album"))[0]).media.all()
    kept = list(of_sheet.parts.values_list("pdq", flat=True))
    assert kept == picture_hashes(drawn.data)["parts"]
    assert len(kept) == 9 and of_sheet.pdq not in kept
    assert not of_cat.parts.exists()
    assert (of_sheet.parts_missing, of_cat.parts_missing) == (1, 0)


def test_a_single_picture_is_its_own_and_only_picture(outside, report_of):
    outside.site.album("/album", CAT)
    (item,) = report_of(outside.site.url("/album-1"))
    look = looked(item)
    assert _kept(look) == [_right(1, CAT)]
    assert keys.opened(look.media.get().url) == outside.site.url("/album-1")


ODD = ["idna", "punycode", "undefined", "rot13", "hex", "unicode_escape", "nothing", "a\0b"]
BROKEN = ["<![foo[ x ]]>", "<![\x00[>", "<![", "<![CDATA[ x ]]>", "<![if x]>"]


@pytest.mark.pure
@pytest.mark.parametrize("charset", [*ODD, "", "utf-8", "latin-1", "shift_jis", "gb2312"])
def test_the_pictures_of_a_page_are_found_whatever_it_calls_its_encoding(charset):
    html = decoded(b"<!doctype html>- \\x3c\xff <img src=/a.jpg>", charset)
    assert pictures_of(html, "http://x.test/") == ["http://x.test/a.jpg"]


@pytest.mark.pure
@pytest.mark.parametrize("html", BROKEN)
def test_the_pictures_of_a_page_are_found_behind_a_broken_declaration(html):
    after = f"<img src=/b.jpg>{html}" if html == "<![" else f"{html}<img src=/b.jpg>"
    assert pictures_of(after, "http://x.test/") == ["http://x.test/b.jpg"]


def test_an_odd_encoding_does_not_hide_a_pages_pictures_from_the_look(outside, report_of):
    outside.site.album("/album", CAT)
    outside.site.pages["/album"].type = "text/html; charset=idna"
    look = looked(report_of(outside.site.url("/album"))[0])
    assert _kept(look) == [_right(1, CAT)]


@pytest.mark.parametrize(
    ("host", "country", "local", "abuse", "network"),
    [
        ("galerie.nord.test", "BE", "BE", "abuse@nord.test", "NET-NORD-V4"),
        ("photos.moselle.test", "LU", "LU", "abuse@moselle.test", "NET-MOSELLE-V4"),
        ("hub.carpates.test", "RO", "RO", "abuse@carpates.test", "NET-CARPATES-V4"),
        ("perdu.sansnom.test", "", "PT", "", "NET-SANSNOM-V4"),
    ],
    ids=["nested contact", "redirected registry", "second registry", "registry without a country"],
)
def test_host_country_and_abuse_contact_come_from_the_networks_registration(
    outside, report_of, host, country, local, abuse, network
):
    """The contact lies inside the holder; the holder's own address and the technicians' do not
    count, and neither does anything that the site says of itself."""
    (item,) = report_of(f"http://{host}/")
    hosting = looked(item).hosting
    assert (hosting.country, hosting.country_local) == (country, local)
    assert (hosting.abuse_contact, hosting.network) == (abuse, network)
    assert hosting.acting_country == local
    assert hosting.problem == ""


def test_the_country_of_the_machine_counts_before_the_registrys(outside, report_of, settings):
    (item,) = report_of(outside.site.url("/nothing", DUTCH))
    hosting = looked(item).hosting
    assert (hosting.ip, hosting.acting_country) == (DUTCH, "NL")
    settings.COUNTRY_DATABASE = outside.folder / "not-there.mmdb"
    hosting = looked(item).hosting
    assert (hosting.country_local, hosting.acting_country) == ("", "NL")
    assert Hosting(country="US", country_local="BE").acting_country == "BE"


def test_a_redirect_is_followed_and_the_last_host_is_the_one_that_counts(outside, report_of):
    outside.site.album("/album", CAT)
    there = outside.site.url("/album", DUTCH)
    outside.site.pages["/from"] = Says(302, headers={"Location": there})
    (item,) = report_of(outside.site.url("/from"))
    look = looked(item)
    assert (look.hops, look.hosting.ip, look.hosting.country) == (2, DUTCH, "NL")
    assert keys.opened(look.final_url) == there
    assert _kept(look) == [_right(1, CAT)]


def test_a_page_is_kept_although_one_of_its_pictures_is_gone_and_one_is_none(outside, report_of):
    outside.site.album("/album", CAT, b"these are words", DOG)
    del outside.site.pages["/album-1"]
    look = looked(report_of(outside.site.url("/album"))[0])
    outcomes = list(look.media.values_list("outcome", flat=True))
    assert outcomes == ["http_404", "not_a_picture", "ok"]
    assert Media.objects.exclude(pdq="").get().sha256 == _right(3, DOG)[2]


@pytest.mark.parametrize(
    ("where", "kind"),
    [
        ("http://" + "a" * 56 + ".onion/album", "onion"),
        ("Telegram @chaton_demo", "account"),
        ("the app called Kittens, in the shop", "app"),
    ],
)
def test_what_cannot_be_fetched_from_here_goes_to_the_people(outside, report_of, where, kind):
    (item,) = report_of(where, kind=kind)
    look = looked(item)
    assert (item.kind, item.state, look.outcome) == (kind, State.TO_ASSESS, "not_fetchable")
    assert not Hosting.objects.exists()
    assert outside.site.asked == []


def test_a_look_is_written_in_the_journal_with_ids_and_outcomes_only(outside, report_of):
    outside.site.album("/album", CAT)
    (item,) = report_of(outside.site.url("/album"))
    look = looked(item)
    lines = Entry.objects.filter(subject=item.subject, actor="worker").order_by("seq")
    told = {line.verb: line.detail for line in lines}
    assert told["item.looked_at"] == f'{{"look":{look.pk},"outcome":"ok"}}'
    assert told["item.traced"] == f'{{"country":"BE","look":{look.pk}}}'
    assert told["item.moved"] == '{"frm":"new","move":"look","to":"to_assess"}'
