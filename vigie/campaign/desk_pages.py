"""How a campaign's words stand on the public pages, before anybody saves or publishes them."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import override
from django.views.decorators.http import require_http_methods

from vigie.campaign.content import LANGUAGES
from vigie.campaign.desk import data_of, named_here, with_words
from vigie.campaign.desk_forms import WordsForm
from vigie.campaign.wall.selectors import cards_on
from vigie.campaign.wall.views import told
from vigie.staff.access import StaffRequest, requires
from vigie.staff.permissions import Permission


@requires(Permission.CAMPAIGN_EDIT)
@require_http_methods(["GET", "POST"])
def pages(request: StaffRequest, slug: str, language: str) -> HttpResponse:
    """In the public site's own type and widths: what is saved or, of a form, what stands in it.
    Nothing is written."""
    campaign = named_here(slug)
    if language not in LANGUAGES:
        raise Http404
    says, wrong = campaign.says, False
    if request.method == "POST":
        form = WordsForm(request.POST)
        tried = with_words(says, language, form) if form.is_valid() else None
        wrong = tried is None or bool(tried.problems())
        says = says if wrong or tried is None else tried
    campaign.content = says.as_data()  # of this row in memory
    with override(language):
        context = {
            "words": says.of(language),
            "says": says,
            "wrong": wrong,
            "card": data_of(campaign, says, language, "1080x1080"),
            "counter": told(campaign, max(cards_on(slug), 2)),
        }
        return render(request, "campaign/desk_pages.html", context, status=422 if wrong else 200)
