"""The card studio: a photo in, a card out, nothing kept unless its owner gives it to the wall."""

import base64
import contextlib
from dataclasses import dataclass
from typing import Any

from csp.decorators import csp_update
from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from vigie.campaign.card.admission import PhotoRefused
from vigie.campaign.card.design import SIZES
from vigie.campaign.card.make import Made, make_cards, preview_photo, thumbnail
from vigie.campaign.card.strip import strip_box
from vigie.campaign.card.wire import PhotoHashes
from vigie.campaign.forms import NAME_LENGTH, PLACES, SIZE_NAMES, StudioForm, writable
from vigie.campaign.kits.counting import count_use
from vigie.campaign.models import Campaign
from vigie.campaign.room import CARDS, Busy, Room
from vigie.campaign.selectors import current, is_open, may_publish
from vigie.campaign.sharing import graph, sharing_links
from vigie.campaign.uploads import take_photo
from vigie.campaign.wall.consent import CURRENT, WORDS
from vigie.campaign.wall.offering import WIDE, NewCard, WallFull, WallUnavailable, offer
from vigie.campaign.wall.ports import Hashes
from vigie.lib.access import public

REFUSED = {
    "empty": gettext_lazy("Choose a photo first."),
    "too_big": gettext_lazy("This photo is larger than 20 MB. Please choose a smaller one."),
    "too_many_pixels": gettext_lazy(
        "This photo has more than 50 million pixels. Please choose a smaller one."
    ),
    "too_small": gettext_lazy("This photo is too small to make a card of it."),
    "not_a_picture": gettext_lazy("This file is not a photo that we can read."),
    "wrong_kind": gettext_lazy(
        "We can use photos in JPEG, PNG, WebP, AVIF or HEIC. This is another kind of file."
    ),
    "broken": gettext_lazy("This photo is damaged: a part of the file is missing or unreadable."),
    "took_too_long": gettext_lazy("This photo takes too long to read. Please choose another one."),
    "too_much_memory": gettext_lazy("This photo is too heavy to read. Please choose another one."),
    "busy": gettext_lazy(
        "Many people are making cards just now. Go back in your browser in a minute: your photo is"
        " still chosen there."
    ),
}


@dataclass(frozen=True)
class Asked:
    """What somebody asks of the studio."""

    campaign: Campaign
    form: StudioForm
    photo: bytes

    @property
    def language(self) -> str:
        return self.form.language_or((get_language() or "fr")[:2])

    @property
    def own(self) -> bool:
        """The message is on the photo already, in whatever words its owner wrote."""
        return bool(self.form.cleaned_data["mine"])

    @property
    def file(self) -> str:
        """What a card that leaves is called."""
        return f"{self.campaign.slug}-{self.language}-{self.form.chosen_size}.jpg"

    @property
    def alt(self) -> str:
        """For who cannot see the card, in its language; of what we did not write, no claim."""
        with override(self.language):
            own = _("A supporter’s own photo for this campaign, with a message of their own on it.")
        return own if self.own else self.campaign.says.of(self.language).alt

    def cards(self, *sizes: str, name: str = "", hashed: bool = False) -> Made:
        says = self.campaign.says
        words = says.of(self.language)
        wordings = {size: None if self.own else words.wording(size) for size in sizes}
        # What the hand cannot write is left out of the drawing; the wall shows the name as text.
        name = writable(name)
        focus = self.form.focus
        return make_cards(self.photo, wordings, says.colours, focus, name=name, hashed=hashed)


@public
@csp_update({"img-src": ["data:", "blob:"]})
@require_http_methods(["GET", "HEAD", "POST"])
def studio(request: HttpRequest) -> HttpResponse:
    """The form, and what comes of it: ``act`` is ``see``, ``download`` or ``wall``."""
    campaign = current()
    if not is_open(campaign):
        context = {"page": "studio", "over": may_publish(campaign)}
        return render(request, "campaign/not_open.html", context, status=503)
    if request.method != "POST":
        return _page(request, campaign, StudioForm({"kit": request.GET.get("kit", "")}))
    photo = take_photo(request)
    asked = Asked(campaign, StudioForm(request.POST), photo)
    asked.form.is_valid()
    try:
        with _place(request):
            made = asked.cards(asked.form.chosen_size, name=asked.form.pet)
            return _answer(request, asked, made)
    except PhotoRefused as refusal:
        return _page(request, campaign, asked.form, refusal.reason)
    except Busy:
        return _page(request, campaign, asked.form, "busy")


def _place(request: HttpRequest) -> Room:
    """Where a card is made. `Busy`: whoever stood in the door's line for too long."""
    if request.META.get("vigie.no_place"):
        raise Busy
    return CARDS


def _answer(request: HttpRequest, asked: Asked, made: Made) -> HttpResponse:
    form, size = asked.form, asked.form.chosen_size
    act, card = form.cleaned_data["act"], made.cards[asked.form.chosen_size]
    _count(form)
    if act == "download":
        headers = {"Content-Disposition": f'attachment; filename="{asked.file}"'}
        return HttpResponse(card, content_type="image/jpeg", headers=headers)
    context = {"page": "studio", "asked": asked, "size": SIZES[size], "spoken": asked.language}
    with override(asked.language):
        words = asked.campaign.says.of(asked.language)
        home = request.build_absolute_uri(reverse("studio"))
        context |= {"words": words, "links": sharing_links(home, words)}
        context["alt"] = asked.alt
    context["data"] = "data:image/jpeg;base64," + base64.b64encode(card).decode()
    context |= _to_the_wall(request, asked) if act == "wall" else {}
    return render(request, "campaign/card.html", context)


def _count(form: StudioForm) -> None:
    """For the ambassador. Never worth a card: a fault here is nobody's business."""
    with contextlib.suppress(DatabaseError):
        count_use(form.kit_code, form.number)


def _to_the_wall(request: HttpRequest, asked: Asked) -> dict[str, Any]:
    """Offer the card; what is missing is said, and costs nobody the card itself."""
    form = asked.form
    age = form.cleaned_data["age"]
    missing = []
    if not form.cleaned_data["consent"]:
        missing.append(_("You have not agreed to show it on the wall."))
    if age not in ages(asked.campaign):
        missing.append(_("You have not said how old you are."))
    if missing:
        return {"missing": missing}
    made = asked.cards("1080x1080", WIDE, hashed=True)
    card, wide = made.cards["1080x1080"], made.cards[WIDE]
    new = NewCard(
        once=form.number,
        campaign=asked.campaign.slug,
        language=asked.language,
        name=form.pet,
        alt=asked.alt,
        age=age,
        hashes=_hashes(made.hashes),
        colour=made.colour,
        pictures={"small": thumbnail(card), "card": card, "wide": wide},
        own=asked.own,
    )
    try:
        token = offer(new)
    except WallFull:
        return {"full": True}
    except WallUnavailable:
        return {
            "missing": [_("The card was NOT kept: the wall cannot be reached. Please try again.")]
        }
    return {"withdraw": request.build_absolute_uri(reverse("withdraw", args=[token]))}


def _hashes(of: PhotoHashes | None) -> Hashes:
    if of is None:  # never to the wall without them
        raise ValueError("no hashes")
    return Hashes(of.md5, of.sha1, of.sha256, of.pdq, of.parts)


def ages(campaign: Campaign) -> dict[str, str]:
    """Who may put a card on the wall, as the campaign says."""
    least = campaign.says.min_age
    found = {"old": _("I am %(age)d or older") % {"age": least}}
    if campaign.says.parent_may_agree:
        found["parent"] = _("I am younger, and a parent agrees")
    return found


def _page(
    request: HttpRequest, campaign: Campaign, form: StudioForm, refused: str = ""
) -> HttpResponse:
    language = form.language_or((get_language() or "fr")[:2])
    context = {
        "page": "studio",
        "campaign": campaign,
        "says": campaign.says,
        "words": campaign.says.of((get_language() or "fr")[:2]),
        "form": form,
        "language": language,
        "sizes": [
            (SIZES[name], label, strip_box(SIZES[name])) for name, label in SIZE_NAMES.items()
        ],
        "chosen": SIZES[form.chosen_size],
        "places": PLACES,
        "ages": ages(campaign),
        "consent": WORDS[CURRENT],
        "name_length": NAME_LENGTH,
        "problem": REFUSED.get(refused, REFUSED["broken"]) if refused else "",
        **graph(request, campaign),
        "language_links": [(code, name, _studio(code, form)) for code, name in settings.LANGUAGES],
    }
    status = 503 if refused == "busy" else 422 if refused else 200
    return render(request, "campaign/studio.html", context, status=status)


def _studio(language: str, form: StudioForm) -> str:
    with override(language):
        return reverse("studio") + form.carried


@public
@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """A photo that the browser cannot show itself (HEIC), as a JPEG. Kept nowhere."""
    try:
        photo = take_photo(request)
        with _place(request):
            return HttpResponse(preview_photo(photo), content_type="image/jpeg")
    except PhotoRefused as refusal:
        text = str(REFUSED.get(refusal.reason, REFUSED["broken"]))
        return HttpResponse(text, content_type="text/plain; charset=utf-8", status=422)
    except Busy:
        text = _("Many people are making cards just now. Please try again in a minute.")
        return HttpResponse(text, "text/plain; charset=utf-8", 503)
