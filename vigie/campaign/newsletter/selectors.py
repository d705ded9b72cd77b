"""What the desk may know of the list: how many, by language; and the list itself, for an export."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, QuerySet

from vigie.campaign.newsletter import tokens
from vigie.campaign.newsletter.models import Edition, Subscriber
from vigie.staff.models import User
from vigie.staff.permissions import Permission

State = Subscriber.State


@dataclass(frozen=True)
class Readers:
    """``by_language``: (code, name, how many confirmed), for every language of the site."""

    confirmed: int
    pending: int
    by_language: list[tuple[str, str, int]]


def readers() -> Readers:
    rows = Subscriber.objects.values_list("state", "language").annotate(n=Count("pk"))
    found = {(state, language): n for state, language, n in rows}
    by_language = [
        (code, str(name), found.get((State.CONFIRMED.value, code), 0))
        for code, name in settings.LANGUAGES
    ]
    pending = sum(n for (state, _language), n in found.items() if state == State.PENDING)
    return Readers(sum(n for _code, _name, n in by_language), pending, by_language)


def editions_visible_to(user: User) -> QuerySet[Edition]:
    found = Edition.objects.prefetch_related("texts")
    return found if user.may(Permission.NEWSLETTER_EDIT) else found.none()


def confirmed_addresses() -> Iterator[tuple[str, str, str]]:
    """Address, language, month of confirmation of each confirmed subscriber, opened one by one."""
    confirmed = Subscriber.objects.filter(state=State.CONFIRMED).order_by("month", "pk")
    rows = confirmed.values_list("address", "language", "month")
    for address, language, month in rows.iterator(500):
        yield tokens.keys().opened(address), language, f"{month:%Y-%m}"
