"""A letter to a colleague leaves by the operator's mail, and then it is gone from here."""

import pytest

from vigie.people.letters import write_letter
from vigie.people.models import StaffLetter
from vigie.worker.loop import OFFICE, one_round

pytestmark = pytest.mark.django_db(databases="__all__")


def test_the_worker_sends_it_once_and_forgets_it(outside):
    write_letter("minou@aurore.test", "An account", "This link: http://desk.test/join/x/\n")
    one_round(OFFICE)
    one_round(OFFICE)
    (mail,) = outside.mail("minou@aurore.test")
    assert "/join/x/" in mail.message.get_content()
    assert not StaffLetter.objects.exists()


def test_one_that_is_not_taken_stays_and_stands_among_the_failures(
    settings, administrator, desk_client
):
    settings.SMTP_URL = "smtp://127.0.0.1:1"
    write_letter("minou@aurore.test", "An account", "text")
    one_round(OFFICE)
    assert StaffLetter.objects.get().last_error
    page = desk_client(administrator).get("/failures/").content.decode()
    assert "letter to a colleague" in page
    assert "minou" not in page
