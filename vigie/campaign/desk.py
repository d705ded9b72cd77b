"""The campaign's editor: settings and words, with the cards as they will look."""

import base64
from dataclasses import replace
from datetime import date

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vigie.campaign.card.design import SIZES
from vigie.campaign.content import LANGUAGES, TEXTS, Content
from vigie.campaign.desk_forms import (
    SettingsForm,
    WordsForm,
    a_day,
    falsehoods_for,
    falsehoods_in,
    problems_in,
)
from vigie.campaign.drawn import sample
from vigie.campaign.models import Campaign, the_shipped_one
from vigie.campaign.motif import motif_of
from vigie.campaign.selectors import current, may_publish, on_desk, runs, state_of, turned_by
from vigie.campaign.services import Change, Stale, copy_campaign, save_campaign
from vigie.staff.access import StaffRequest, requires
from vigie.staff.permissions import Permission

ON_CARD = ("message", "wide", "narrow", "loud", "hashtag", "call", "address")


class CopyForm(forms.Form):
    slug = forms.SlugField(label=gettext_lazy("Short name, for addresses"), max_length=50)
    starts = forms.DateField(label=gettext_lazy("First day"), widget=a_day())
    ends = forms.DateField(label=gettext_lazy("Last day"), widget=a_day())


def named_here(slug: str) -> Campaign:
    """Raises `Http404`."""
    found = on_desk(slug)
    if found is None:
        raise Http404
    return found


@requires(Permission.CAMPAIGN_EDIT)
@require_http_methods(["GET", "POST"])
def campaigns(request: StaffRequest) -> HttpResponse:
    """Every campaign with its dates, and the way to begin a new one from a copy."""
    running = current()
    form = CopyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if data["ends"] < data["starts"]:
            form.add_error("ends", _("A campaign cannot end before it begins."))
        else:
            try:
                copy_campaign(running, data["slug"], data["starts"], data["ends"], request.user)
                return redirect("campaign_settings", data["slug"])
            except Stale:
                form.add_error("slug", _("There is a campaign of this name already."))
    found = list(Campaign.objects.order_by("-starts", "-pk"))
    if not any(row.slug == the_shipped_one().slug for row in found):
        found.append(the_shipped_one())
    rows = [(row, state_of(row, running)) for row in found]
    context = {"rows": rows, "running": running, "form": form, "may_publish": may_publish(running)}
    context |= {"over": not runs(running)}
    return render(request, "campaign/desk_list.html", context, status=422 if form.errors else 200)


@requires(Permission.CAMPAIGN_EDIT)
@require_http_methods(["GET", "POST"])
def settings_page(request: StaffRequest, slug: str) -> HttpResponse:
    campaign = named_here(slug)
    initial = SettingsForm.initial_of(campaign.says) | {
        "version": campaign.version,
        "starts": campaign.starts,
        "ends": campaign.ends,
        "addresses_are_ours": bool(campaign.addresses_by),
        "public": not campaign.draft,
    }
    form = SettingsForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        content = form.content(campaign.says)
        problems_in(form, content, "")
        data = form.cleaned_data
        dates, draft = (data["starts"], data["ends"]), not data["public"]
        if not draft:
            falsehoods_for(form, content)
        form.ask_before(slug, None if draft else turned_by(_as_if_saved(campaign, *dates)))
        if form.is_valid():
            ours = data["addresses_are_ours"]
            change = Change(content, data["version"], *dates, ours, draft=draft)
            return _save(request, campaign, change, "campaign_settings", slug)
    elif "instead" in form.fields:
        del form.fields["instead"]  # asked when it is needed
    context = {"campaign": campaign, "form": form, "languages": LANGUAGES}
    status = 422 if form.errors else 200
    return render(request, "campaign/desk_settings.html", context, status=status)


@requires(Permission.CAMPAIGN_EDIT)
@require_http_methods(["GET", "POST"])
def words_page(request: StaffRequest, slug: str, language: str) -> HttpResponse:
    """The texts of one language beside the five cards. ``act=preview`` only shows them."""
    campaign = named_here(slug)
    if language not in LANGUAGES:
        raise Http404
    initial = WordsForm.initial_of(campaign.says.of(language)) | {"version": campaign.version}
    form = WordsForm(request.POST if request.method == "POST" else None, initial=initial)
    content = campaign.says
    if request.method == "POST" and form.is_valid():
        content = with_words(campaign.says, language, form)
        problems_in(form, content, f"{language}.")
        if not campaign.draft:
            falsehoods_in(form, content, language)
        if form.is_valid() and request.POST.get("act") != "preview":
            change = Change(
                content,
                form.cleaned_data["version"],
                campaign.starts,
                campaign.ends,
                _still_ours(campaign, content),
            )
            return _save(request, campaign, change, "campaign_words", slug, language)
    tried = None if content == campaign.says or content.problems() else content
    context = {
        "campaign": campaign,
        "form": form,
        "language": language,
        "languages": LANGUAGES,
        "on_card": [form[name] for name in ON_CARD],
        "on_pages": [form[name] for name in TEXTS if name not in ON_CARD],
        "cards": _cards(form, campaign, tried, language),
    }
    status = 422 if form.errors else 200
    return render(request, "campaign/desk_words.html", context, status=status)


def _cards(
    form: WordsForm, campaign: Campaign, tried: Content | None, language: str
) -> list[tuple[object, object, str]]:
    """Each size, the field of its line breaks (hinting at the usual ones), and its picture:
    of what is saved, or of what is being tried."""
    words = (tried or campaign.says).of(language)
    for name, size in SIZES.items():
        usual = words.wide if size.layout == "wide" else words.narrow
        form.fields[f"lines_{name}"].widget.attrs["placeholder"] = usual
    saved = {n: reverse("campaign_card", args=[campaign.slug, language, n]) for n in SIZES}
    shown = {n: data_of(campaign, tried, language, n) for n in SIZES} if tried else saved
    return [(size, form[f"lines_{name}"], shown[name]) for name, size in SIZES.items()]


def with_words(content: Content, language: str, form: WordsForm) -> Content:
    return replace(content, words={**content.words, language: form.words()})


def _still_ours(campaign: Campaign, content: Content) -> bool:
    """A changed address must be confirmed anew."""
    before = [words.address for words in campaign.says.words.values()]
    return bool(campaign.addresses_by) and before == [w.address for w in content.words.values()]


def data_of(campaign: Campaign, tried: Content, language: str, size: str) -> str:
    card = sample(tried, language, size, motif_of(campaign))
    return "data:image/jpeg;base64," + base64.b64encode(card).decode()


def _save(
    request: StaffRequest, campaign: Campaign, change: Change, page: str, *place: str
) -> HttpResponse:
    try:
        saved = save_campaign(campaign.slug, change, request.user)
    except Stale:
        return stale(request, page, *place)
    messages.success(request, f"{_('The campaign is saved.')} {_what_runs(saved)}")
    if not saved.draft and not may_publish(saved):
        text = _(
            "No card can be made with it until somebody says, in the settings, that the addresses "
            "on it are your own."
        )
        messages.warning(request, text)
    return redirect(page, *place)


def _as_if_saved(campaign: Campaign, starts: date | None, ends: date | None) -> Campaign:
    content = campaign.content
    return Campaign(pk=campaign.pk, slug=campaign.slug, starts=starts, ends=ends, content=content)


def _what_runs(saved: Campaign) -> str:
    """What becomes of it today: dates may say another thing than one has meant."""
    running = current()
    texts = {
        "draft": _("It is a draft: the public sees nothing of what was changed."),
        "to_come": _("It runs from %(day)s on."),
        "running": _("It runs now."),
        "behind": _("The public does not see it: “%(name)s”, which began later, runs now."),
        "over": _("It is over: its last day is past."),
    }
    day = date_format(saved.starts, "SHORT_DATE_FORMAT") if saved.starts else ""
    return texts[state_of(saved, running)] % {"day": day, "name": running.says.name}


def stale(request: StaffRequest, page: str, *place: str) -> HttpResponse:
    """A colleague was quicker: from here one opens the same page anew."""
    context = {"again": reverse(page, args=place)}
    return render(request, "campaign/desk_stale.html", context, status=409)


@requires(Permission.CAMPAIGN_EDIT)
@require_GET
def card(request: StaffRequest, slug: str, language: str, size: str) -> HttpResponse:
    """The card as it is saved, with the campaign's own animal."""
    if language not in LANGUAGES or size not in SIZES:
        raise Http404
    campaign = named_here(slug)
    data = sample(campaign.says, language, size, motif_of(campaign))
    return HttpResponse(data, content_type="image/jpeg")


@requires(Permission.CAMPAIGN_EDIT)
@require_POST
def preview(request: StaffRequest, slug: str, language: str) -> HttpResponse:
    """One card as it would look with what stands in the form now: for the script of the page."""
    campaign = named_here(slug)
    form, size = WordsForm(request.POST), request.POST.get("size", "")
    if language not in LANGUAGES or size not in SIZES:
        raise Http404
    content = with_words(campaign.says, language, form) if form.is_valid() else campaign.says
    if not form.is_valid() or content.problems():
        return HttpResponse(status=422)
    data = sample(content, language, size, motif_of(campaign))
    return HttpResponse(data, content_type="image/jpeg")
