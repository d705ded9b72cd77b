"""A subscriber's hashes under the present key. No link in a letter that was sent dies of it."""

from collections.abc import Iterable

from django.db import transaction

from vigie.campaign.newsletter import tokens
from vigie.campaign.newsletter.addresses import Address, parse
from vigie.campaign.newsletter.models import EarlierLink, Subscriber

To = EarlierLink.To
Link = tuple[EarlierLink.To, str]


def is_current(subscriber: Subscriber) -> bool:
    address = _address(subscriber)
    return bytes(subscriber.address_hash) == tokens.address_hash(address)


def rekey(subscriber: Subscriber) -> bool:
    """True if it was made anew by this call. Raises what opening raises, `ValueError` too."""
    address = _address(subscriber)
    hashed = tokens.address_hash(address)
    if hashed == bytes(subscriber.address_hash):
        return False
    to_confirm, to_leave = tokens.links_of(subscriber)
    with transaction.atomic():
        still = Subscriber.objects.filter(pk=subscriber.pk, address_hash=subscriber.address_hash)
        changed = still.update(
            address_hash=hashed,
            confirm_hash=tokens.token_hash(tokens.confirm_token(subscriber.pk)),
            leave_hash=tokens.token_hash(tokens.leave_token(hashed)),
        )
        if changed:
            keep_links(subscriber, [(To.CONFIRM, to_confirm), (To.LEAVE, to_leave)])
    return bool(changed)


def keep_links(subscriber: Subscriber, links: Iterable[Link]) -> None:
    rows = [
        EarlierLink(subscriber=subscriber, to=to, hash=tokens.plain_hash(token))
        for to, token in links
    ]
    EarlierLink.objects.bulk_create(rows, ignore_conflicts=True)


def older_links_of(address: Address) -> list[Link]:
    """The links to unsubscribe that this address had under each older key."""
    pairs = zip(tokens.keys().generations, tokens.address_hashes(address), strict=True)
    return [(To.LEAVE, tokens.leave_token(hashed, by)) for by, hashed in list(pairs)[1:]]


def _address(subscriber: Subscriber) -> Address:
    address = parse(tokens.keys().opened(subscriber.address))
    if address is None:
        raise ValueError("an address of rules that no longer hold")
    return address
