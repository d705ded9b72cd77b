"""The facts follow the campaign: another number is not told with the sources of the old one."""

import re
from dataclasses import replace

import pytest

from vigie.campaign.content import shipped
from vigie.campaign.kits.material import facts_text
from vigie.campaign.selectors import current
from vigie.campaign.services import Change, save_campaign

pytestmark = pytest.mark.django_db(databases="__all__")


def dogs():
    words = shipped().of("en")
    own = replace(
        words,
        message="For every dog photo, 50 images.",
        base_label="dog photos a day",
        sum_note="Our own estimate.",
    )
    return replace(shipped(), number=50, base=100_000, words={**shipped().words, "en": own})


def test_the_campaign_of_2020_is_told_with_its_sources(public_client):
    page = public_client.get("/en/facts/").content.decode()
    assert "<h2>78 images for each cat photo</h2>" in page
    assert "The campaign of 2020" not in page and "Wunderman Thompson" in page


def test_every_section_with_figures_ends_in_a_source(public_client):
    page = public_client.get("/en/facts/").content.decode()
    sections = page.split("<section>")[1:]
    bare = [text for text in sections if 'class="source"' not in text]
    assert [re.search("<h2>(.*)</h2>", text)[1] for text in bare] == ["The figures of this hotline"]
    notes = [text for text in page.split('<div class="note">') if "one platform" in text]
    assert "The New York Times" in notes[0].split("</div>")[0]


def test_next_years_sum_comes_first_and_the_old_one_is_named_as_such(lead, public_client):
    save_campaign(current().slug, Change(dogs(), 0), lead)
    page = public_client.get("/en/facts/").content.decode()
    first, second = (
        page.index("For every dog photo, 50 images."),
        page.index("The campaign of 2020"),
    )
    assert first < page.index("Our own estimate.") < second < page.index("Wunderman Thompson")
    assert "100,000 <small>dog photos a day" in page


def test_the_press_is_told_next_years_sum_too():
    assert facts_text(dogs(), "en").startswith("For every dog photo, 50 images. 100,000 dog")
    assert facts_text(shipped(), "en").startswith("78 images for each cat photo")
