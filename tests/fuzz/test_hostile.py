"""Every picture, list and archive that the fuzzers began from or once stumbled over."""

from pathlib import Path

import pytest

from tests.fuzz.hostile import READERS, check_archive, check_list, check_picture

pytestmark = pytest.mark.pure
HERE = Path(__file__).parent
WAYS = [*READERS, "archive"]
PICTURES = sorted((HERE / "corpus_pictures").iterdir())
LISTS = sorted((HERE / "corpus_importers").iterdir())


@pytest.mark.parametrize("path", PICTURES, ids=lambda path: path.name)
def test_no_picture_of_the_corpus_breaks_a_property(path):
    data = path.read_bytes()
    for cut in (len(data), len(data) // 2, 40, 0):
        check_picture(data[:cut])


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.name)
def test_no_list_and_no_archive_of_the_corpus_breaks_a_property(path):
    data = path.read_bytes()[1:]
    for layout in READERS:
        check_list(layout, data, seconds=1)
    check_archive(data, seconds=2)
