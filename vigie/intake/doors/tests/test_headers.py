"""Who sends is taken out of every request; at the API's door alone a sender may say who it is."""

import pytest

from config.wsgi import without_sender

pytestmark = pytest.mark.pure
SAYS_WHO = {"HTTP_AUTHORIZATION": "Bearer x", "HTTP_IDEMPOTENCY_KEY": "1"}
TELLS = {"REMOTE_ADDR": "192.0.2.7", "HTTP_COOKIE": "a=b", "HTTP_USER_AGENT": "x", "HTTP_FROM": "x"}


def passed_on(path: str) -> set[str]:
    kept: dict[str, object] = {}

    def application(environ, start_response):
        kept.update(environ)
        return []

    without_sender(application)({"PATH_INFO": path, **SAYS_WHO, **TELLS}, None)
    return set(kept) - {"PATH_INFO"}


@pytest.mark.parametrize(
    "path", ["/", "/en/report/", "/en/api/", "/apiary/", "/API/v1/reports", ""]
)
def test_nowhere_else(path):
    assert passed_on(path) == set()


def test_at_the_door_of_the_api():
    assert passed_on("/api/v1/reports") == set(SAYS_WHO)
