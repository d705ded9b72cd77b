"""Logs say what happened, and never to whom or about what."""

import io
import logging

import pytest
from django.core.exceptions import DisallowedHost

from config.logs import Discreet

pytestmark = pytest.mark.pure
SECRET = "http://secret.test/a/b"


def lines_of(act) -> str:
    """What a logger with our filter writes while ``act`` logs to it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(Discreet())
    logger = logging.Logger("django.request")
    logger.addHandler(handler)
    act(logger)
    return stream.getvalue()


def test_a_path_and_a_request_are_replaced_by_the_status():
    written = lines_of(
        lambda logger: logger.warning(
            "Broken: %s", SECRET, extra={"status_code": 500, "request": SECRET}
        )
    )
    assert written == "answered 500\n"


def test_what_a_visitor_sent_wrong_leaves_no_line():
    def fail(logger):
        try:
            raise ValueError(SECRET)
        except ValueError as error:
            logger.error(SECRET, exc_info=error, extra={"status_code": 400})

    assert lines_of(fail) == ""


@pytest.mark.parametrize(
    "error",
    [
        ValueError(SECRET),
        UnicodeDecodeError("utf-8", SECRET.encode(), 0, 1, SECRET),
        DisallowedHost(SECRET),
        KeyError(SECRET),
    ],
)
def test_a_traceback_names_the_kind_of_error_and_not_its_words(error):
    def fail(logger):
        try:
            try:
                raise RuntimeError(SECRET)
            except RuntimeError as cause:
                raise error from cause
        except Exception:
            logger.exception("at %s", SECRET)

    written = lines_of(fail)
    assert f"{type(error).__name__}: (message withheld)" in written
    assert "test_discreet_logs.py" in written
    assert SECRET not in written
