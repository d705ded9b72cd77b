"""The animal on the campaign's own cards: an editor's photo, rebuilt from its pixels."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from vigie.campaign.card.admission import PhotoRefused
from vigie.campaign.card.design import SIZES, Focus
from vigie.campaign.content import LANGUAGES
from vigie.campaign.desk import stale
from vigie.campaign.models import Campaign
from vigie.campaign.motif import motif_of, rebuilt
from vigie.campaign.selectors import on_desk
from vigie.campaign.services import Change, Stale, save_campaign
from vigie.campaign.studio import REFUSED
from vigie.campaign.uploads import take_photo
from vigie.staff.access import StaffRequest, requires
from vigie.staff.permissions import Permission


class PhotoForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    photo = forms.FileField(
        label=gettext_lazy("Photo of the campaign’s own animal"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(
            {"accept": "image/jpeg,image/png,image/webp,image/avif,image/heic,.heic,.heif"}
        ),
        help_text=gettext_lazy(
            "JPEG, PNG, WebP, AVIF or HEIC, up to 20 MB, and yours to publish. No people in it. "
            "Empty: the photo stays as it is."
        ),
    )
    x = forms.IntegerField(
        label=gettext_lazy("What matters most, from the left, in %"), min_value=0, max_value=100
    )
    y = forms.IntegerField(
        label=gettext_lazy("What matters most, from the top, in %"), min_value=0, max_value=100
    )
    zoom = forms.IntegerField(label=gettext_lazy("Zoom, in %"), min_value=100, max_value=400)

    @property
    def focus(self) -> Focus:
        return Focus(*(self.cleaned_data[name] / 100 for name in ("x", "y", "zoom")))


@csrf_exempt  # the one file must be let in first; `_checked` then asks for the token
@requires(Permission.CAMPAIGN_EDIT)
@require_http_methods(["GET", "POST"])
def photo_page(request: StaffRequest, slug: str) -> HttpResponse:
    """The photo and its focus, beside the five cards that it makes."""
    photo = take_photo(request) if request.method == "POST" else b""
    campaign = on_desk(slug)
    if campaign is None:
        raise Http404
    answer: HttpResponse = _checked(request, campaign, photo)
    return answer


@csrf_protect
def _checked(request: StaffRequest, campaign: Campaign, photo: bytes) -> HttpResponse:
    form = PhotoForm(request.POST if request.method == "POST" else None, initial=_now(campaign))
    if request.method == "POST" and form.is_valid():
        try:
            _save(request, campaign, form, photo)
            messages.success(request, _("The campaign is saved."))
            return redirect("campaign_photo", campaign.slug)
        except PhotoRefused as refused:
            form.add_error("photo", str(REFUSED.get(refused.reason, REFUSED["broken"])))
        except Stale:
            return stale(request, "campaign_photo", campaign.slug)
    language = request.user.language
    context = {
        "campaign": campaign,
        "form": form,
        "languages": LANGUAGES,
        "sizes": list(SIZES.values()),
        "spoken": language if language in LANGUAGES else LANGUAGES[0],
    }
    status = 422 if form.errors else 200
    return render(request, "campaign/desk_photo.html", context, status=status)


def _now(campaign: Campaign) -> dict[str, int]:
    focus = motif_of(campaign).focus
    shares = {"x": focus.x, "y": focus.y, "zoom": focus.zoom}
    return {"version": campaign.version} | {n: round(100 * v) for n, v in shares.items()}


def _save(request: StaffRequest, campaign: Campaign, form: PhotoForm, photo: bytes) -> None:
    """Raises `PhotoRefused`, `Stale`. Whether the addresses are ours is left as it was."""
    change = Change(
        campaign.says,
        form.cleaned_data["version"],
        campaign.starts,
        campaign.ends,
        bool(campaign.addresses_by),
        rebuilt(photo, form.focus),
    )
    save_campaign(campaign.slug, change, request.user)
