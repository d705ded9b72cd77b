"""The hosts' abuse desks: they read a notice, promise a removal, and acknowledge.

Behaviour belongs to the provider: prompt, slow, or ignoring all mail. A desk removes only what
it hosts itself, and never answers an automatic answer (RFC 3834), which would go on for ever.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from vigie.sandbox.courier import Courier
from vigie.sandbox.letters import addresses_in, header, withdrawn_address
from vigie.sandbox.mailbox import Letter
from vigie.sandbox.removals import Place, Removals
from vigie.sandbox.world import Behaviour, Provider, provider_of_mailbox, provider_of_site


@dataclass(frozen=True)
class Delays:
    """How long a desk takes from a notice to the removal."""

    prompt: timedelta
    slow: timedelta

    def of(self, behaviour: Behaviour) -> timedelta:
        return self.slow if behaviour is Behaviour.SLOW else self.prompt


class AbuseDesks:
    """All abuse desks: what happens when mail reaches one of them."""

    def __init__(self, removals: Removals, courier: Courier, delays: Delays) -> None:
        self._removals = removals
        self._courier = courier
        self._delays = delays

    def delivered(self, letter: Letter, recipients: tuple[str, ...]) -> None:
        for address in recipients:
            provider = provider_of_mailbox(address)
            if provider is not None and provider.behaviour is not Behaviour.IGNORES:
                self._handle(letter, provider)

    def _handle(self, letter: Letter, provider: Provider) -> None:
        if header(letter.message, "Auto-Submitted").lower().startswith("auto-replied"):
            return
        if withdrawn := Place.of(withdrawn_address(letter.message)):
            if provider_of_site(withdrawn.host) is provider:
                self._removals.withdraw(withdrawn)
            self._acknowledge(letter, provider, 1)
            return
        places = [Place.of(url) for url in addresses_in(letter.message)]
        own = [place for place in places if place and provider_of_site(place.host) is provider]
        for place in own:
            self._removals.ask(place, self._delays.of(provider.behaviour))
        self._acknowledge(letter, provider, len(own))

    def _acknowledge(self, letter: Letter, provider: Provider, count: int) -> None:
        """An automatic reply; a null sender (a bounce) gets none."""
        if not letter.sender or provider.abuse is None:
            return
        ticket = f"ABU-{secrets.token_hex(4).upper()}"
        original = header(letter.message, "Message-ID")
        about = {"In-Reply-To": original, "References": original} if original else {}
        self._courier.write(
            sender=provider.abuse,
            to=letter.reply_to,
            subject=f"Re: {header(letter.message, 'Subject')} [{ticket}]",
            text=(
                f"Your message has reached the abuse desk of {provider.name}.\n"
                f"Addresses of ours in it: {count}.\nOur reference: {ticket}\n\n"
                "This is an automatic answer.\n"
            ),
            headers={**about, "Auto-Submitted": "auto-replied"},
        )
