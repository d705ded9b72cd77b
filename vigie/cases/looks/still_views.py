"""One still for the viewer of the desk's page, or why there is none."""

from urllib.parse import quote

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.views.decorators.http import require_POST

from vigie.cases.claims import InOtherHands
from vigie.cases.looks import reasons
from vigie.cases.looks.looking import OnNobodysTable, Why, WhyAsked, view_picture
from vigie.cases.welfare.calm import CalmFirst
from vigie.cases.welfare.exposure import NotServed, standing_of
from vigie.cases.welfare.limits import budget
from vigie.items.selectors import visible_to
from vigie.journal.codes import code_words
from vigie.lib.containers import STILLS
from vigie.lib.numbers import whole_number
from vigie.staff.access import StaffRequest, requires
from vigie.staff.permissions import Permission
from vigie.tracing.models import Media


@requires(Permission.MEDIA_VIEW)
@require_POST
def still(request: StaffRequest, pk: int, media_pk: int) -> HttpResponse:
    """One still, for this request only: never stored, never cached. A JPEG, or 204 with a header
    that says why not; 400 for a still that no video has: then nothing was looked at."""
    found = get_object_or_404(visible_to(request.user), pk=pk)
    media = get_object_or_404(Media, pk=media_pk, look__item=found)
    large, number = request.POST.get("large") == "yes", _number(request)
    if number is None:
        return _none({"X-Outcome": quote(str(code_words("no_more")))}, status=400)
    why, tells = _why(request), request.POST.get("tells") == "yes"
    try:
        shown, view = view_picture(
            found, media, request.user, why, large=large, number=number, tells=tells
        )
    except NotServed as rest:
        return _none({"X-Rest": str(rest.standing.rest), **_standing(request)})
    except CalmFirst:
        return _none({"X-Calm": "yes"})
    except WhyAsked:
        return _none({"X-Why": "asked"})
    except OnNobodysTable:
        return _none({"X-Why": "decided"})
    except InOtherHands:
        return _none({"X-Why": "in_hand"})
    headers = {
        "X-View": str(view.pk),
        "X-Outcome": quote(str(code_words(shown.outcome))),
        "X-Of": str(shown.of or ""),
        "X-Same": "yes" if shown.digests.get("sha256") == media.sha256 else "no",
        **_standing(request),
    }
    if not shown.jpeg:
        return _none(headers)
    whole = {"Cache-Control": "no-store", **headers}
    return HttpResponse(shown.jpeg, content_type="image/jpeg", headers=whole)


def _standing(request: StaffRequest) -> dict[str, str]:
    """How much this person has looked today, this look counted: for the line above the viewer."""
    limits = budget()
    standing = standing_of(request.user, limits)
    words = render_to_string("cases/_standing_words.html", {"standing": standing, "budget": limits})
    warned = bool(standing.rest or standing.warned)
    return {"X-Standing": quote(words.strip()), "X-Warned": "yes" if warned else "no"}


def _why(request: StaffRequest) -> Why:
    """A reason of the organisation's list, one's own words, or both."""
    code = request.POST.get("why", "")
    words = reasons.given(code, request.POST.get("own_why", ""))
    return Why(words, code if reasons.words_of(code) else "own")


def _number(request: StaffRequest) -> int | None:
    """Which still of a video; None for one that there cannot be."""
    asked = whole_number(request.POST.get("still", "1"))
    return asked if asked in range(1, STILLS + 1) else None


def _none(headers: dict[str, str], status: int = 204) -> HttpResponse:
    return HttpResponse(status=status, headers={"Cache-Control": "no-store", **headers})
