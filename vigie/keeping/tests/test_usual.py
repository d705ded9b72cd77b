"""A policy written before there was such a thing: what is usual holds, and is said."""

import pytest

from vigie.cases.models import Wish
from vigie.cases.welfare import calm
from vigie.cases.welfare.manner import Manner
from vigie.keeping.erasing import erase_due, in_force
from vigie.keeping.models import KeepingRule
from vigie.people.leaving import leave
from vigie.staff.models import User

pytestmark = pytest.mark.django_db(databases="__all__")


def test_what_an_older_policy_does_not_speak_of_ends_when_it_usually_does(
    retention, later, analyst, administrator, manager, desk_client
):
    KeepingRule.objects.filter(kind__in=("wishes", "cards")).delete()
    calm.choose(analyst, Manner("strong"))
    leave(analyst, administrator)
    kinds = {rule.kind: rule for rule in in_force()}
    assert "cards" not in kinds and kinds["wishes"].days == 30
    later(20)
    erase_due()
    assert Wish.objects.exists()
    later(20)
    User.objects.filter(pk=manager.pk).update(language="en")
    page = desk_client(manager).get("/retention/").content.decode()
    assert "the usual time holds" in page
    erase_due()
    assert not Wish.objects.exists()


def test_without_a_policy_nothing_is_usual():
    assert in_force() == [] and erase_due() == 0
