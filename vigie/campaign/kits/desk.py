"""Ambassadors' kits and the calendar of own posts."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vigie.campaign.content import LANGUAGES
from vigie.campaign.kits import services
from vigie.campaign.kits.choosing import CampaignKitForm, FittingPostForm, texts_for, told
from vigie.campaign.kits.material import post_pack
from vigie.campaign.kits.models import Kit, Post
from vigie.campaign.kits.selectors import (
    kits_with_counts,
    picture_of,
    taken_back,
    waits_for_its_campaign,
)
from vigie.campaign.kits.selectors import posts as all_posts
from vigie.campaign.selectors import to_prepare
from vigie.lib import clock
from vigie.staff.access import StaffRequest, requires
from vigie.staff.permissions import Permission


@requires(Permission.CAMPAIGN_EDIT)
@require_http_methods(["GET", "POST"])
def kits(request: StaffRequest) -> HttpResponse:
    form = CampaignKitForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        services.make_kit(form.cleaned_data["name"], form.chosen, request.user)
        return redirect("kits")
    rows = [
        (kit, made, _public_page(kit, request.user.language), waits_for_its_campaign(kit))
        for kit, made in kits_with_counts()
    ]
    context = {"rows": rows, "form": form}
    return render(request, "kits/desk_kits.html", context, status=422 if form.errors else 200)


def _public_page(kit: Kit, language: str) -> str:
    with override(language):
        page = reverse("kit", "config.public_urls", kwargs={"code": kit.code})
    return settings.PUBLIC_URL + page


@requires(Permission.CAMPAIGN_EDIT)
@require_POST
def close(request: StaffRequest, pk: int) -> HttpResponse:
    services.close_kit(get_object_or_404(Kit, pk=pk), request.user)
    return redirect("kits")


@requires(Permission.CAMPAIGN_EDIT)
@require_http_methods(["GET", "POST"])
def posts(request: StaffRequest) -> HttpResponse:
    """The calendar, and a form that begins with a campaign's own texts."""
    campaigns = to_prepare()
    wanted = [one for one in campaigns if one.slug == request.GET.get("campaign")]
    campaign = wanted[0] if wanted else campaigns[0]
    asked = request.GET.get("language")
    language = asked if asked in LANGUAGES else request.user.language
    start = Post(
        on=clock.now().date(),
        campaign=campaign.slug,
        language=language,
        size="1080x1080",
    )
    start.caption, start.alt = texts_for(start, None).values()
    rows, today = all_posts(), clock.now().date()
    context = {"rows": rows, "today": today, "language": language, "gone": taken_back(rows)}
    context |= {"campaign": campaign, "campaigns": []}
    if len(campaigns) > 1:
        context["campaigns"] = [(one.slug, told(one)) for one in campaigns]
    return _edit(request, start, context)


@requires(Permission.CAMPAIGN_EDIT)
@require_http_methods(["GET", "POST"])
def post(request: StaffRequest, pk: int) -> HttpResponse:
    return _edit(request, get_object_or_404(Post, pk=pk), {"one": pk})


def _edit(request: StaffRequest, start: Post, context: dict[str, object]) -> HttpResponse:
    form = FittingPostForm(request.POST if request.method == "POST" else None, instance=start)
    if request.method == "POST" and form.is_valid():
        services.save_post(form.save(commit=False), request.user)
        return redirect("posts")
    status = 422 if form.errors else 200
    if form.errors:
        context = {**context, "language": form.data.get("language")}
    return render(request, "kits/desk_posts.html", {**context, "form": form}, status=status)


@requires(Permission.CAMPAIGN_EDIT)
@require_POST
def drop(request: StaffRequest, pk: int) -> HttpResponse:
    services.drop_post(get_object_or_404(Post, pk=pk), request.user)
    return redirect("posts")


@requires(Permission.CAMPAIGN_EDIT)
@require_GET
def pack(request: StaffRequest, pk: int) -> HttpResponse:
    """The post as a ZIP: picture, caption, description."""
    found = get_object_or_404(Post, pk=pk)
    picture = picture_of(found)
    if picture is None:
        return render(request, "kits/desk_gone.html", {"post": found}, status=409)
    name = f"post-{found.on}-{found.language}"
    data = post_pack(picture, found.caption, found.alt, name)
    headers = {"Content-Disposition": f'attachment; filename="{name}.zip"'}
    return HttpResponse(data, content_type="application/zip", headers=headers)
