import pytest

from vigie.matching.lists.tests.support import partners_at
from vigie.sandbox.partners import Partners


@pytest.fixture
def partners(settings, tmp_path):
    """The sandbox's partners, over HTTP, as the worker's keys name them."""
    playing = Partners()
    with partners_at(settings, tmp_path, playing.respond):
        yield playing
