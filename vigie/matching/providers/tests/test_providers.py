"""Keys of providers, alarms on the desk, and what the journal says of their asking."""

import io
import re
from datetime import timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command

from conftest import person
from vigie.intake.doors.keys import hash_of
from vigie.journal.models import Entry
from vigie.lib import clock
from vigie.matching.providers.models import Asked, Probe, Provider
from vigie.matching.providers.services import (
    AlreadyRevoked,
    add_provider,
    revoke_provider,
    tell_journal,
)
from vigie.staff.permissions import Role

pytestmark = pytest.mark.django_db(databases="__all__")
KEY = re.compile(r"vigie_[\w-]{43}")


def lines(verb: str) -> list[Entry]:
    return list(Entry.objects.filter(verb=verb).order_by("seq"))


def asked(provider: Provider, **more: object) -> Asked:
    counts = {"at": clock.now(), "pictures": 10, "found": 2, **more}
    return Asked.objects.create(provider=provider, **counts)


def test_a_key_is_kept_as_a_hash_and_written_in_the_journal_with_its_lists(lists):
    provider, key = add_provider("Provider", [lists[0]], "staff:1")
    assert KEY.fullmatch(key) and bytes(provider.key_hash) == hash_of(key)
    revoke_provider(provider.pk, "staff:2")
    for number in (provider.pk, 10**9):
        with pytest.raises(AlreadyRevoked):
            revoke_provider(number, "staff:2")
    (added,), (revoked,) = lines("provider.added"), lines("provider.revoked")
    assert (added.subject, added.actor) == (f"provider:{provider.pk}", "staff:1")
    assert f'"{lists[0].pk}"' in added.detail and revoked.actor == "staff:2"
    assert key not in repr(list(Entry.objects.values()))


def test_requests_are_told_in_one_line_now_and_then_and_each_is_counted_once(trusted, lists):
    other, _key = add_provider("Other", [lists[0]], "tests")
    for _ in range(3):
        asked(trusted.provider)
    asked(other)
    assert tell_journal() == 0 and not lines("matches.asked")
    with time_machine.travel(clock.now() + timedelta(minutes=11)):
        assert tell_journal() == 2
        assert tell_journal() == 0
    first, second = lines("matches.asked")
    assert first.subject == first.actor == trusted.provider.subject
    assert '"pictures":30' in first.detail and '"requests":3' in first.detail
    assert '"found":2' in second.detail
    assert not Asked.objects.exists()


def test_an_alarm_is_in_the_journal_at_once_and_only_once(trusted):
    probe = Probe.objects.create(provider=trusted.provider, at=clock.now(), variants=9, found=4)
    assert (tell_journal(), tell_journal()) == (1, 0)
    (line,) = lines("lists.probed")
    assert (line.subject, line.actor) == (probe.subject, trusted.provider.subject)
    assert '"variants":9' in line.detail and '"pictures":1' in line.detail


def test_the_desk_shows_an_alarm_until_somebody_has_read_it(desk_client, lead, trusted):
    Probe.objects.create(provider=trusted.provider, at=clock.now(), variants=9, found=4)
    lead.language = "en"
    lead.save()
    desk = desk_client(lead)
    page = desk.get("/providers/").content.decode()
    assert 'role="alert"' in page and "9" in page
    assert ">Providers: alarm<" in desk.get("/lists/").content.decode()
    address = f"/providers/alarms/{Probe.objects.get().pk}/"
    for _ in range(2):
        assert desk.post(address).status_code == 302
    assert 'role="alert"' not in desk.get("/providers/").content.decode()
    assert "alarm" not in desk.get("/lists/").content.decode().casefold()
    (line,) = lines("probe.seen")
    assert line.actor == lead.actor


def test_an_alarm_about_several_pictures_says_how_many(desk_client, lead, trusted):
    counts = {"variants": 90, "found": 40, "pictures": 8}
    Probe.objects.create(provider=trusted.provider, at=clock.now(), **counts)
    lead.language = "en"
    lead.save()
    page = desk_client(lead).get("/providers/").content.decode()
    assert "90 variants of 8 pictures, 40 of them found" in page


def test_the_manager_makes_a_key_for_lists_and_ends_it(desk_client, manager, lists):
    desk = desk_client(manager)
    assert desk.post("/providers/add/", {"name": "Provider"}).status_code == 422
    answer = desk.post("/providers/add/", {"name": "<b>", "lists": [lists[1].pk]})
    key = KEY.search(answer.content.decode())
    provider = Provider.objects.get()
    assert key and bytes(provider.key_hash) == hash_of(key[0])
    assert list(provider.lists.all()) == [lists[1]]
    again = desk.get("/providers/").content.decode()
    assert not KEY.search(again) and "&lt;b&gt;" in again and "other&#x27;s" in again
    for _ in range(2):
        assert desk.post(f"/providers/{provider.pk}/revoke/").status_code == 302
    provider.refresh_from_db()
    assert provider.revoked_at
    assert [one.actor for one in lines("provider.revoked")] == [manager.actor]


def test_nobody_else_makes_keys(desk_client, lists):
    for role in set(Role) - {Role.MANAGER}:
        answer = desk_client(person(role)).post("/providers/add/", {"name": "x", "lists": 1})
        assert answer.status_code == 403
    assert not Provider.objects.exists()


def test_on_the_command_line(lists):
    said = io.StringIO()
    call_command("providers", "add", "Provider", "--list", "police", stdout=said)
    key = KEY.search(said.getvalue())
    provider = Provider.objects.get()
    assert key and bytes(provider.key_hash) == hash_of(key[0])
    call_command("providers", "list", stdout=(shown := io.StringIO()))
    assert "police" in shown.getvalue() and not KEY.search(shown.getvalue())
    call_command("providers", "revoke", str(provider.pk), stdout=said)
    for words in (
        ["revoke", str(provider.pk)],
        ["add", " ", "--list", "police"],
        ["add", "x", "--list", "nowhere"],
    ):
        with pytest.raises(CommandError):
            call_command("providers", *words)
    assert Provider.objects.count() == 1
