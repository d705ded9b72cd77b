"""Below which endings domains are registered: the public suffix list (https://publicsuffix.org).

It is read when first asked: most commands never ask.
"""

from functools import cache

from publicsuffixlist import PublicSuffixList


@cache
def _list() -> PublicSuffixList:
    return PublicSuffixList()


def registered(host: str) -> str:
    """``a.b.example.co.uk`` → ``example.co.uk``; a bare suffix, or what has none, is itself."""
    return _list().privatesuffix(host) or host


def is_known(host: str) -> bool:
    """Does it end as a name on the internet can end?"""
    return _list().publicsuffix(host, accept_unknown=False) is not None
