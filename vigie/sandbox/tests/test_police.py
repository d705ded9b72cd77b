import json
from pathlib import Path
from typing import Any

import pytest

from vigie.sandbox.running import Sandbox
from vigie.sandbox.tests.conftest import Start
from vigie.sandbox.tests.support import Keys, Reply, ask, notice, pack, referral, send, wait_for

NORD = "galerie.nord.test"
URL = f"http://{NORD}/a/x1"


def refer(sandbox: Sandbox, keys: Keys, content: bytes) -> None:
    recipient = keys.police.extract_certificate()
    send(sandbox, referral(content, recipient, keys.hotline.signer()))


def act(sandbox: Sandbox, what: str, item: str = "I-1", pack_reference: str = "R-1") -> Reply:
    path = f"/api/police/{pack_reference}/{item}/{what}"
    return ask(sandbox, "web", path, method="POST")


def packs(sandbox: Sandbox) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ask(sandbox, "web", "/api/police").json
    return found


def letters_to_the_liaison(sandbox: Sandbox) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ask(sandbox, "web", "/api/mail?to=liaison@aurore.test").json
    return found


def test_a_referral_travels_from_the_mail_to_the_removal(sandbox: Sandbox, keys: Keys) -> None:
    refer(sandbox, keys, pack(URL))
    (received,) = packs(sandbox)
    assert received["reference"] == "R-1"
    assert received["signature"] == "verified"
    assert received["items"][0]["url"] == URL
    assert received["items"][0]["may"] == ["acknowledge", "authorise"]
    assert act(sandbox, "acknowledge").status == 200
    authorised = act(sandbox, "authorise").json
    assert authorised["authorisation"] == "PV-2026-00001"
    assert act(sandbox, "contact").status == 200
    wait_for(lambda: ask(sandbox, "nord", "/a/x1", host=NORD).status == 410)
    assert packs(sandbox)[0]["items"][0]["may"] == []


def test_the_liaison_is_told_of_each_act_in_plain_text(sandbox: Sandbox, keys: Keys) -> None:
    refer(sandbox, keys, pack(URL))
    for what in ("acknowledge", "authorise", "contact"):
        act(sandbox, what)
    wait_for(lambda: len(letters_to_the_liaison(sandbox)) == 3)
    contacted, authorised, acknowledged = letters_to_the_liaison(sandbox)
    assert acknowledged["subject"] == "[R-1] I-1: acknowledged"
    lines = authorised["text"].splitlines()
    assert lines[:2] == ["Pack: R-1", "Item: I-1"]
    assert lines[2:4] == ["Decision: removal authorised", "Authorisation: PV-2026-00001"]
    assert authorised["in_reply_to"].endswith("@aurore.test>")
    assert "Decision: host contacted" in contacted["text"]


def test_the_host_gets_the_address_on_a_line_of_its_own(sandbox: Sandbox, keys: Keys) -> None:
    refer(sandbox, keys, pack(URL))
    act(sandbox, "authorise")
    act(sandbox, "contact")
    wait_for(lambda: ask(sandbox, "web", "/api/mail?to=abuse@nord.test").json)
    (letter,) = ask(sandbox, "web", "/api/mail?to=abuse@nord.test").json
    assert URL in letter["text"].splitlines()
    assert "PV-2026-00001" in letter["text"]


def test_an_act_repeated_happens_once(sandbox: Sandbox, keys: Keys) -> None:
    refer(sandbox, keys, pack(URL, f"http://{NORD}/a/x2"))
    first, again = act(sandbox, "authorise").json, act(sandbox, "authorise").json
    assert first == again
    assert act(sandbox, "authorise", "I-2").json["authorisation"] == "PV-2026-00002"
    wait_for(lambda: len(letters_to_the_liaison(sandbox)) == 2)


def test_the_host_is_not_contacted_before_the_authorisation(sandbox: Sandbox, keys: Keys) -> None:
    refer(sandbox, keys, pack(URL))
    refused = act(sandbox, "contact")
    assert refused.status == 409
    assert "authorised" in refused.json["error"]


@pytest.mark.parametrize("who", ["hotline", "partner", "nobody"])
def test_the_police_contact_the_host_only_if_asked_to(
    sandbox: Sandbox, keys: Keys, who: str
) -> None:
    refer(sandbox, keys, pack(URL, contact=who))
    assert act(sandbox, "authorise").status == 200
    assert act(sandbox, "contact").status == 409
    assert ask(sandbox, "nord", "/a/x1", host=NORD).status == 200


def test_without_a_wish_for_authorisation_there_is_none(sandbox: Sandbox, keys: Keys) -> None:
    refer(sandbox, keys, pack(URL, authorisation=False))
    assert act(sandbox, "authorise").status == 409
    assert act(sandbox, "contact").status == 200


@pytest.mark.parametrize("signer", ["stranger", "nobody"])
def test_a_pack_the_hotline_did_not_sign_is_shown_and_not_acted_upon(
    sandbox: Sandbox, keys: Keys, signer: str
) -> None:
    signing = keys.stranger.signer() if signer == "stranger" else None
    send(sandbox, referral(pack(URL), keys.police.extract_certificate(), signing))
    assert packs(sandbox)[0]["signature"] == "not verified"
    assert act(sandbox, "acknowledge").status == 409
    assert "not verified" in ask(sandbox, "web", "/police/").text


def test_a_forged_copy_does_not_displace_the_real_pack(sandbox: Sandbox, keys: Keys) -> None:
    forged = pack("http://images.nord.test/a/forged")
    police = keys.police.extract_certificate()
    for content, signer in ((forged, None), (pack(URL), keys.hotline.signer()), (forged, None)):
        send(sandbox, referral(content, police, signer))
    (kept,) = packs(sandbox)
    assert kept["items"][0]["url"] == URL


def test_without_the_hotline_s_certificate_signatures_are_not_checked(
    start: Start, keys: Keys
) -> None:
    sandbox = start(hotline_cert=None)
    refer(sandbox, keys, pack(URL))
    assert packs(sandbox)[0]["signature"] == "not checked"
    assert act(sandbox, "acknowledge").status == 200


def test_a_pack_for_somebody_else_cannot_be_read(sandbox: Sandbox, keys: Keys) -> None:
    stranger = keys.stranger.extract_certificate()
    send(sandbox, referral(pack(URL), stranger, keys.hotline.signer()))
    (received,) = packs(sandbox)
    assert received["problem"]
    assert received["items"] == []
    assert "\n" not in received["problem"]


def test_without_the_police_s_key_a_pack_stays_sealed(start: Start, keys: Keys) -> None:
    sandbox = start(police_key=None)
    refer(sandbox, keys, pack(URL))
    assert "without the police's key" in packs(sandbox)[0]["problem"]
    assert "without the police" in ask(sandbox, "web", "/police/").text


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not json",
        b"[]",
        b"{}",
        b'{"format":"vigie-referral/1"}',
        pack(URL).replace(b'"items": [', b'"items": [7, '),
        pack(URL).replace(b'"I-1"', b'"I\\n1"'),
        b"[" * 100_000,
    ],
)
def test_what_is_not_a_pack_is_said_to_be_none(
    sandbox: Sandbox, keys: Keys, content: bytes
) -> None:
    refer(sandbox, keys, content)
    (received,) = packs(sandbox)
    assert received["problem"]
    assert ask(sandbox, "web", "/police/").status == 200


def test_a_pack_may_come_as_a_mime_part(sandbox: Sandbox, keys: Keys) -> None:
    entity = b"Content-Type: application/json\r\n\r\n" + pack(URL)
    refer(sandbox, keys, entity)
    assert packs(sandbox)[0]["reference"] == "R-1"


def test_unknown_packs_items_and_acts_are_not_found(sandbox: Sandbox, keys: Keys) -> None:
    refer(sandbox, keys, pack(URL))
    assert act(sandbox, "acknowledge", "I-9").status == 404
    assert act(sandbox, "acknowledge", pack_reference="R-9").status == 404
    assert act(sandbox, "burn").status == 404


def test_ordinary_mail_to_the_police_is_no_pack(sandbox: Sandbox) -> None:
    send(sandbox, notice("police@police-be.test", "Hello"))
    assert packs(sandbox) == []


def test_a_restart_keeps_what_the_police_did(start: Start, keys: Keys, tmp_path: Path) -> None:
    sandbox = start()
    refer(sandbox, keys, pack(URL, f"http://{NORD}/a/x2"))
    done = act(sandbox, "authorise").json
    sandbox = start()
    assert packs(sandbox)[0]["items"][0]["state"] == done
    assert act(sandbox, "authorise", "I-2").json["authorisation"] == "PV-2026-00002"
    kept = json.loads((tmp_path / "sandbox" / "police.json").read_text())
    assert sorted(kept["R-1"]) == ["I-1", "I-2"]


def test_nothing_decrypted_is_written_to_disk(sandbox: Sandbox, keys: Keys, tmp_path: Path) -> None:
    refer(sandbox, keys, pack(URL))
    act(sandbox, "acknowledge")
    assert not any(URL.encode() in content for content in everything_in(tmp_path / "sandbox"))


def everything_in(folder: Path) -> list[bytes]:
    while True:
        try:
            return [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
        except FileNotFoundError:  # a mail got its name meanwhile
            continue


def withdrawal(reference: str = "R-1") -> bytes:
    said = {"format": "vigie-withdrawal/1", "reference": reference}
    return json.dumps({**said, "withdrawn": "2026-11-24T09:00:00+00:00"}).encode()


def test_a_withdrawn_referral_says_so_and_nothing_is_done_with_it(
    sandbox: Sandbox, keys: Keys
) -> None:
    refer(sandbox, keys, pack(URL))
    refer(sandbox, keys, pack(URL, reference="R-2"))
    act(sandbox, "acknowledge")
    refer(sandbox, keys, withdrawal())
    other, withdrawn = packs(sandbox)
    assert (withdrawn["withdrawn"], withdrawn["items"][0]["may"]) == (
        "2026-11-24T09:00:00+00:00", [],
    )  # fmt: skip
    assert (other["withdrawn"], other["items"][0]["may"]) == ("", ["acknowledge", "authorise"])
    refused = act(sandbox, "authorise")
    assert (refused.status, "withdrawn" in refused.json["error"]) == (409, True)
    assert "no step may rest on it" in ask(sandbox, "web", "/police/").text


def test_a_withdrawal_that_the_hotline_did_not_sign_withdraws_nothing(
    sandbox: Sandbox, keys: Keys
) -> None:
    refer(sandbox, keys, pack(URL))
    police = keys.police.extract_certificate()
    send(sandbox, referral(withdrawal(), police, keys.stranger.signer()))
    assert packs(sandbox)[0]["withdrawn"] == ""
    assert act(sandbox, "authorise").status == 200
