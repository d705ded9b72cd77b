"""Ambassadors' kits and the calendar of own posts."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vigie.campaign.content import LANGUAGES
from vigie.campaign.kits import services
from vigie.campaign.kits.forms import KitForm, PostForm
from vigie.campaign.kits.material import post_pack
from vigie.campaign.kits.models import Kit, Post
from vigie.campaign.kits.selectors import kits_with_counts, picture_of, taken_back
from vigie.campaign.kits.selectors import posts as all_posts
from vigie.campaign.selectors import current
from vigie.lib import clock
from vigie.staff.access import StaffRequest, requires
from vigie.staff.permissions import Permission


@requires(Permission.CAMPAIGN_EDIT)
@require_http_methods(["GET", "POST"])
def kits(request: StaffRequest) -> HttpResponse:
    form = KitForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        services.make_kit(form.cleaned_data["name"], current().slug, request.user)
        return redirect("kits")
    rows = [
        (kit, made, _public_page(kit, request.user.language)) for kit, made in kits_with_counts()
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
    """The calendar, and a form that begins with the campaign's own texts."""
    campaign = current()
    asked = request.GET.get("language")
    language = asked if asked in LANGUAGES else request.user.language
    words = campaign.says.of(language)
    start = Post(
        on=clock.now().date(),
        campaign=campaign.slug,
        language=language,
        size="1080x1080",
        caption=words.post,
        alt=words.alt,
    )
    rows, today = all_posts(), clock.now().date()
    context = {"rows": rows, "today": today, "language": language, "gone": taken_back(rows)}
    return _edit(request, start, context)


@requires(Permission.CAMPAIGN_EDIT)
@require_http_methods(["GET", "POST"])
def post(request: StaffRequest, pk: int) -> HttpResponse:
    return _edit(request, get_object_or_404(Post, pk=pk), {"one": pk})


def _edit(request: StaffRequest, start: Post, context: dict[str, object]) -> HttpResponse:
    form = PostForm(request.POST if request.method == "POST" else None, instance=start)
    if request.method == "POST" and form.is_valid():
        services.save_post(form.save(commit=False), request.user)
        return redirect("posts")
    status = 422 if form.errors else 200
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
