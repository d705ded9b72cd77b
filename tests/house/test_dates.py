"""A date is read the same way by everybody who reads its language."""

from datetime import date

import pytest
from django.utils.formats import date_format
from django.utils.translation import override

TWELFTH = date(2026, 11, 12)


@pytest.mark.parametrize(
    ("language", "written"),
    [("en", "12 Nov 2026"), ("de", "12.11.2026"), ("nl", "12-11-2026"), ("fr", "12/11/2026")],
)
def test_a_short_date_has_its_day_before_its_month(language, written):
    with override(language):
        assert date_format(TWELFTH, "SHORT_DATE_FORMAT") == written
