"""The police pack, opened as the police open it: what it holds, what it never holds, who may read.

It crosses mail servers of strangers. So the outside says nothing but a reference, and the inside
says what is needed to act and nothing that leads to the person who reported.
"""

import json
from email import message_from_bytes
from pathlib import Path

import pytest
from pysequoia import Tsk

from tests.environment import FOLDER
from tests.factories import a_confirmed_item, an_item, sha256_of
from vigie.dispatch.models import Referral
from vigie.dispatch.openpgp import encrypted_part
from vigie.dispatch.tests.support import HOST, POLICE, as_police, one_round, pack_in, referral_of
from vigie.intake.receipts import mint
from vigie.items.flow import State
from vigie.lib import clock
from vigie.matching.models import JudgedHash
from vigie.sandbox.letters import ciphertext
from vigie.sandbox.openpgp import CannotOpen, Signature

pytestmark = pytest.mark.django_db(databases="__all__")
URL = "http://galerie.nord.test/a/pack"
PICTURES = [f"{URL}-1", f"{URL}-2"]
NETWORK = {"abuse_contact": HOST, "network": "NET-1", "name": "NORD-NET"}


@pytest.fixture
def letter(policy, post):
    a_confirmed_item(URL, "BE", pictures=PICTURES, **NETWORK)
    one_round()
    (letter,) = post.taken
    return letter


def opened(letter):
    return as_police().open(ciphertext(letter))


def test_the_police_open_it_and_the_signature_is_the_hotlines(letter):
    assert opened(letter).signature is Signature.VERIFIED


def test_nobody_else_opens_it(letter):
    for key in (FOLDER / "partner-lu.secret.asc", FOLDER / "keys/hotline.asc"):
        with pytest.raises(CannotOpen):
            as_police_with(key).open(ciphertext(letter))


def as_police_with(key: Path):
    return type(as_police())(key.read_bytes(), (FOLDER / "keys/hotline.pub.asc").read_bytes())


def test_it_holds_what_is_needed_to_act(letter):
    pack = pack_in(letter)
    (item,) = pack.items
    assert item.url == URL
    assert item.classification == "baseline"
    assert item.details["hosting"] == {"country": "BE", "ip": "192.0.2.10", **NETWORK}
    assert item.details["hashes"] == [
        {"sha256": sha256_of(u), "pdq": sha256_of(u)[::-1]} for u in PICTURES
    ]
    assert item.details["reports"] == 1
    assert item.details["first_reported"] == clock.now().date().isoformat()
    assert (pack.authorisation, pack.contact_host) == (True, "police")
    assert pack.hotline == {"name": "Aurora hotline", "contact": "liaison@aurore.test"}


def test_it_holds_md5_and_sha1_where_they_were_kept(policy, post):
    a_confirmed_item(URL, "BE", pictures=PICTURES, **NETWORK)
    kept = {"md5": "a" * 32, "sha1": "b" * 40}
    JudgedHash.objects.filter(sha256=sha256_of(PICTURES[0])).update(**kept)
    one_round()
    (item,) = pack_in(post.taken[0]).items
    hashes = item.details["hashes"]
    assert hashes[0] == {
        "sha256": sha256_of(PICTURES[0]),
        "pdq": sha256_of(PICTURES[0])[::-1],
        **kept,
    }
    assert set(hashes[1]) == {"sha256", "pdq"}


def test_it_holds_nothing_else_and_no_media(letter):
    inside = message_from_bytes(opened(letter).content)
    parts = [part for part in inside.walk() if not part.is_multipart()]
    assert [part.get_content_type() for part in parts] == ["text/plain", "application/json"]
    pack = json.loads(parts[1].get_payload(decode=True))
    assert set(pack) == {"format", "reference", "created", "hotline", "asks", "items"}
    known = {"reference", "url", "classification", "hosting", "hashes", "reports"}
    assert set(pack["items"][0]) == known | {"first_reported"}


def test_nothing_of_who_reported_is_in_it(policy, post):
    receipt = mint("en")
    comment, contact = "A neighbour told me.", "someone@private.test"
    words = {"comment": comment, "contact": contact, "seen": "yesterday evening"}
    an_item(f"look at {URL}?utm_source=mine", receipt=receipt, **words)
    a_confirmed_item(URL, "BE")
    one_round()
    inside = opened(post.taken[0]).content.decode()
    assert pack_in(post.taken[0]).items[0].details["reports"] == 2
    for secret in (receipt, comment, contact, "yesterday", "utm_source", "look at"):
        assert secret not in inside


def test_outside_stands_the_reference_and_nothing_of_the_place(letter):
    outside = letter.as_bytes().decode("ascii")
    reference = Referral.objects.get().reference
    assert letter["Subject"] == f"Vigie referral {reference}"
    assert letter["Message-ID"] == f"<referral-{reference.removeprefix('R-')}@aurore.test>"
    for told in ("nord", "/a/pack", "://", "NET-1", HOST, "baseline", sha256_of(PICTURES[0])):
        assert told not in outside
    allowed = {"Content-Type", "MIME-Version", "From", "To", "Date", "Message-ID", "Subject"}
    assert set(letter.keys()) == allowed | {"Auto-Submitted"}
    assert (letter["From"], letter["To"]) == ("liaison@aurore.test", POLICE)


@pytest.mark.parametrize("share", [0.3, 0.5, 0.7, 0.9])
def test_one_changed_letter_on_the_way_and_it_does_not_open(letter, share):
    sealed = bytearray(ciphertext(letter))
    place = int(len(sealed) * share)
    while not chr(sealed[place]).isalnum():
        place += 1
    sealed[place] = ord("A") if sealed[place] != ord("A") else ord("B")
    with pytest.raises(CannotOpen):
        as_police().open(bytes(sealed))


def test_the_same_pack_signed_by_somebody_else_is_not_the_hotlines(letter, tmp_path):
    forged, forger = message_from_bytes(b"Subject: x\r\n\r\nreferral\r\n"), tmp_path / "forger.asc"
    forger.write_text(str(Tsk.generate("Test hotline <liaison@aurore.test>")))
    sealed = encrypted_part(forged, FOLDER / "keys/police-be.asc", forger)
    part = sealed.get_payload()[1].get_payload().encode()
    assert as_police().open(part).signature is Signature.NOT_VERIFIED


def test_national_material_is_referred_like_any_other(policy, post):
    item = a_confirmed_item(URL, "BE", classification="national")
    one_round()
    item.refresh_from_db()
    assert item.state == State.REFERRED
    assert pack_in(post.taken[0]).items[0].classification == "national"


def test_an_account_without_hosting_is_referred_without_a_place_on_the_net(policy, post):
    item = a_confirmed_item("telegram @example_account")
    item.looks.first().hosting.delete()
    one_round()
    details = pack_in(post.taken[0]).items[0].details
    assert details["hosting"] == {"country": ""}
    assert referral_of(item).country == ""
