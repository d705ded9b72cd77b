"""A policy as a text, and what another text changes."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.lib.rulebook import Change, differences, written

pytestmark = pytest.mark.pure
WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
ROWS = st.lists(st.fixed_dictionaries({"name": WORDS, "days": st.integers(0, 10**6)}), max_size=3)


@given(WORDS, ROWS)
def test_what_is_written_is_read_again(version, rows):
    read = tomllib.loads(written(version, "rule", rows))
    assert (read["version"], read.get("rule", [])) == (version, rows)


def test_each_difference_is_said_once():
    before = {"BE": {"told": "police", "gate": "magistrate"}, "NL": {"told": "police"}}
    after = {"BE": {"told": "police", "gate": ""}, "DE": {"told": "partner"}}
    assert differences(before, after) == [
        Change("BE", "gate", "magistrate", ""),
        Change("NL", before="told: police"),
        Change("DE", after="told: partner"),
    ]
    assert differences(before, before) == []
