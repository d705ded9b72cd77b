"""A child in danger now: the people on call are told once, and only where to look."""

import pytest
import time_machine
from django.core.exceptions import ImproperlyConfigured

from config.organisation import Organisation
from tests.environment import ROOT
from vigie.intake import services
from vigie.intake.models import Letter, Report
from vigie.intake.services import More, NewReport, receive
from vigie.items.alarms import LETTERS_AN_HOUR, PAUSE, NobodyToTell, tell_on_call
from vigie.items.models import Alarm, Item
from vigie.items.services import open_letter
from vigie.journal.models import Entry
from vigie.lib import clock
from vigie.worker.loop import OFFICE, one_round

pytestmark = pytest.mark.django_db(databases="__all__")
WHERE, DANGER = "https://a.test/secret", More("danger", {"child": "nextdoor"}, danger=True)
STEPS = [step for step in OFFICE if step[0] in ("open letters", "people on call")]


def on_call(settings, *addresses: str) -> None:
    told = {**settings.ORGANISATION.data, "on_call": list(addresses)}
    settings.ORGANISATION = Organisation(told)


def in_danger() -> Report:
    letter = receive(NewReport(WHERE, comment="secretcomment"))
    services.add(letter, DANGER)
    services.add(letter, More("danger", {"child": "still there"}, danger=True))
    while Letter.objects.exists():
        for one in Letter.objects.all():
            open_letter(one)
    return Report.objects.get(letter_id=letter)


def test_each_on_call_gets_one_mail_with_the_reference_and_the_desk_alone(outside, settings):
    on_call(settings, "one@aurore.test", "two@aurore.test")
    report = in_danger()
    for _ in range(3):
        one_round(STEPS)
    (item,) = Item.objects.all()
    mails = outside.mail("one@aurore.test") + outside.mail("two@aurore.test")
    assert len(mails) == 2
    for mail in mails:
        subject, text = mail.message["Subject"], mail.message.get_content()
        assert item.reference in subject
        assert f"{settings.DESK_URL}/queue/items/{item.pk}/" in text
        told = subject + text
        assert not any(word in told for word in ("a.test", "secret", "nextdoor", "danger"))
    assert Alarm.objects.get(report=report).told_at is not None
    lines = Entry.objects.filter(subject=report.subject, verb__startswith="danger").order_by("seq")
    assert list(lines.values_list("verb", flat=True)) == ["danger.reported", "danger.told"]


def test_ten_letters_an_hour_and_then_one_for_all_that_wait(outside, settings):
    on_call(settings, "one@aurore.test")
    for number in range(30):
        receive(NewReport(f"http://n{number}.test/", danger=True))
    with time_machine.travel(clock.now(), tick=False) as moment:
        while one_round(STEPS):
            pass
        assert len(outside.mail("one@aurore.test")) == LETTERS_AN_HOUR
        moment.shift(PAUSE.total_seconds() + 1)
        one_round(STEPS)
    told = [mail.message.get_content() for mail in outside.mail("one@aurore.test")]
    assert len(told) == LETTERS_AN_HOUR + 1
    assert sum("19 " in text.splitlines()[-1] for text in told) == 1
    assert not Alarm.objects.filter(told_at=None).exists()


def test_a_mail_sent_again_after_a_crash_is_the_same_mail(outside):
    in_danger()
    alarm = Alarm.objects.get()
    tell_on_call(alarm)
    tell_on_call(alarm)
    mails = outside.mail("on-call@aurore.test")
    assert len({mail.key for mail in mails}) == 1
    assert Entry.objects.filter(verb="danger.told").count() == 1


def test_with_nobody_on_call_the_row_stays_where_the_desk_sees_it(settings):
    on_call(settings)
    in_danger()
    with pytest.raises(NobodyToTell):
        tell_on_call(Alarm.objects.get())
    one_round(STEPS)
    alarm = Alarm.objects.get()
    assert (alarm.told_at, alarm.attempts) == (None, 1)
    assert "NobodyToTell" in alarm.last_error


def test_without_danger_nobody_is_told():
    letter = receive(NewReport(WHERE))
    services.add(letter, More("danger", {"danger": "no"}))
    one_round(STEPS)
    one_round(STEPS)
    assert not Alarm.objects.exists()
    assert not Report.objects.get().danger


def test_what_is_in_danger_is_looked_at_before_what_waits_longer():
    for number in range(3):
        receive(NewReport(f"https://a.test/{number}"))
    one_round(STEPS)
    in_danger()
    first = Item.objects.order_by("turn_at").first()
    assert first is not None and first.danger


@pytest.mark.parametrize("wrong", ['"one@aurore.test"', '["one"]', "[7]"])
def test_a_file_that_names_no_addresses_on_call_is_refused(tmp_path, wrong):
    told = (ROOT / "config/organisation.demo.toml").read_text("utf-8")
    file = tmp_path / "organisation.toml"
    file.write_text(told.replace('on_call = ["on-call@aurore.test"]', f"on_call = {wrong}"))
    with pytest.raises(ImproperlyConfigured, match="on_call"):
        Organisation.load(file)
