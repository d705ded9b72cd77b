"""Who has a key: made and revoked on the desk or the command line, and always written down."""

import io
import re

import pytest
from django.core.management import CommandError, call_command

from conftest import person
from tests.surfaces import be_surface
from vigie.intake.doors.keys import hash_of, sender_with
from vigie.intake.doors.models import Sender
from vigie.intake.doors.services import AlreadyRevoked, add_sender, revoke_sender
from vigie.intake.models import Letter
from vigie.items.models import Item
from vigie.items.services import open_letter
from vigie.journal.models import Entry
from vigie.staff.permissions import Role

pytestmark = pytest.mark.django_db(databases="__all__")
KEY = re.compile(r"vigie_[\w-]{43}")


def written() -> list[tuple[str, str, str]]:
    verbs = Entry.objects.filter(verb__startswith="sender.").order_by("seq")
    return list(verbs.values_list("verb", "subject", "actor"))


def test_a_key_is_shown_once_and_only_its_hash_is_kept():
    sender, key = add_sender("Partner", "staff:1")
    assert KEY.fullmatch(key)
    assert bytes(Sender.objects.get().key_hash) == hash_of(key)
    assert key not in repr(list(Sender.objects.values()))
    assert sender_with(key) == sender
    assert sender_with(key + "x") is None
    assert add_sender("Partner", "staff:1")[1] != key


def test_every_act_is_in_the_journal_without_the_key():
    sender, key = add_sender("Partner", "staff:1")
    revoke_sender(sender.pk, "staff:2")
    number = f"sender:{sender.pk}"
    assert written() == [
        ("sender.added", number, "staff:1"),
        ("sender.revoked", number, "staff:2"),
    ]
    assert key not in repr(list(Entry.objects.values()))


def test_what_is_revoked_stays_revoked_and_is_written_once():
    sender, key = add_sender("Partner", "x")
    revoke_sender(sender.pk, "x")
    for number in (sender.pk, 10**9):
        with pytest.raises(AlreadyRevoked):
            revoke_sender(number, "x")
    assert sender_with(key) is None
    assert len(written()) == 2


def test_on_the_desk_an_administrator_makes_a_key_and_ends_it(desk_client, administrator):
    desk = desk_client(administrator)
    answer = desk.post("/senders/", {"name": "Partner <hotline>"})
    key = KEY.search(answer.content.decode())
    assert key and sender_with(key[0])
    assert "no-store" in answer["Cache-Control"]
    again = desk.get("/senders/").content.decode()
    assert not KEY.search(again) and "Partner &lt;hotline&gt;" in again
    for _ in range(2):
        assert desk.post(f"/senders/{Sender.objects.get().pk}/revoke/").status_code == 302
    assert sender_with(key[0]) is None
    assert [actor for _, _, actor in written()] == [administrator.actor] * 2


@pytest.mark.parametrize("name", ["", " ", "x" * 81])
def test_a_sender_has_a_name(desk_client, administrator, name):
    answer = desk_client(administrator).post("/senders/", {"name": name})
    assert answer.status_code == 422
    assert not Sender.objects.exists()


def test_the_desk_shows_whose_report_it_is(
    desk_client, public_client, trusted, settings, monkeypatch, analyst
):
    body = '{"where": "https://a.test/sent", "reference": "X-17"}'
    public_client.post(
        "/api/v1/reports", body, "application/json", headers=trusted.headers()
    ).json()
    open_letter(Letter.objects.get())
    be_surface("desk", settings, monkeypatch)
    page = desk_client(analyst).get(f"/queue/items/{Item.objects.get().pk}/")
    assert "Partner hotline" in page.content.decode()


def test_on_the_command_line():
    said = io.StringIO()
    call_command("senders", "add", "Partner", stdout=said)
    key = KEY.search(said.getvalue())
    assert key and sender_with(key[0])
    call_command("senders", "list", stdout=(listed := io.StringIO()))
    assert "Partner" in listed.getvalue() and not KEY.search(listed.getvalue())
    call_command("senders", "revoke", str(Sender.objects.get().pk), stdout=said)
    assert sender_with(key[0]) is None
    with pytest.raises(CommandError):
        call_command("senders", "revoke", str(Sender.objects.get().pk))
    with pytest.raises(CommandError):
        call_command("senders", "add", " ")
    assert [actor for _, _, actor in written()] == ["command line"] * 2


def test_nobody_else_makes_keys(desk_client):
    for role in set(Role) - {Role.ADMINISTRATOR}:
        assert desk_client(person(role)).post("/senders/", {"name": "x"}).status_code == 403
    assert not Sender.objects.exists()
