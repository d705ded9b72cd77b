"""What the rooms' pages hand over, seen before it is sealed."""

import uuid

import pytest

from vigie.intake import views
from vigie.intake.services import NewReport


@pytest.fixture
def taken(monkeypatch) -> list[NewReport]:
    """The reports that the first page takes, instead of their letters."""
    reports: list[NewReport] = []

    def receive(report: NewReport, flood: uuid.UUID | None = None) -> uuid.UUID:
        reports.append(report)
        return uuid.uuid4()

    monkeypatch.setattr(views, "receive", receive)
    return reports
