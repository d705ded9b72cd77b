"""Fixtures of the newsletter's tests."""

from collections.abc import Iterator

import pytest

from vigie.dispatch.tests.support import MailHost


@pytest.fixture
def post(settings) -> Iterator[MailHost]:
    """The mail server by which everything leaves."""
    host = MailHost()
    settings.SMTP_URL = host.url
    yield host
    host.stop()
