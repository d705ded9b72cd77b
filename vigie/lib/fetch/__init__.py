"""Asking the outside world for one address, when the address is hostile input.

A reported address may have been written to make this program reach something it must not:
its own network, a metadata service, a machine that only trusts its neighbours. So:

1. the address is read as a browser reads it (WHATWG), and its credentials are dropped;
2. the name is resolved once, and *every* address it has must be acceptable;
3. the connection goes to the address that was checked, never to the name;
4. a redirect starts again at 1;
5. bytes, headers, redirects and time are all counted, and nothing is kept between two requests.

`fetch` never raises for anything that the address or the far side does: it ends in an `Outcome`.
"""

from vigie.lib.fetch.addresses import is_public
from vigie.lib.fetch.egress import Egress
from vigie.lib.fetch.exchange import PAGE_ACCEPT, PICTURE_ACCEPT
from vigie.lib.fetch.journey import fetch
from vigie.lib.fetch.names import resolve
from vigie.lib.fetch.results import Fetched, FetchFailed, Hop, Limits, Outcome

__all__ = [
    "PAGE_ACCEPT",
    "PICTURE_ACCEPT",
    "Egress",
    "FetchFailed",
    "Fetched",
    "Hop",
    "Limits",
    "Outcome",
    "fetch",
    "is_public",
    "resolve",
]
