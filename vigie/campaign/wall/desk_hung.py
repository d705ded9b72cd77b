"""What hangs, on the desk: a wrong approval, or a wish that comes by letter, is put right here."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from vigie.campaign.wall.desk import say_late, say_set_aside
from vigie.campaign.wall.escalating import escalate_card
from vigie.campaign.wall.hung import take_name, take_off
from vigie.campaign.wall.models import Card, CardPicture
from vigie.campaign.wall.selectors import AT_A_TIME, hung, slug_in, wide_files
from vigie.campaign.wall.services import Stale, recount
from vigie.campaign.wall.views import TYPES, before_of
from vigie.staff.access import StaffRequest, requires
from vigie.staff.models import User
from vigie.staff.permissions import Permission

Act = Callable[[str, User], None]
ACTS: dict[str, Act] = {"off": take_off, "nameless": take_name, "escalate": escalate_card}
MARK = "card-"


@requires(Permission.WALL_MODERATE)
@require_http_methods(["GET", "POST"])
def hung_page(request: StaffRequest) -> HttpResponse:
    """The newest first; ``?card=`` finds one by its address, which is all that a letter has."""
    if request.method == "POST":
        return _change(request)
    asked = request.GET.get("card", "").strip()
    before = before_of(request)
    found = list(Card.objects.filter(slug=slug_in(asked))) if asked else hung(before)
    cards = found[:AT_A_TIME]
    wide = wide_files(cards)
    context = {
        "rows": [(card, wide.get(card.pk)) for card in cards],
        "more": cards[-1].pk if len(found) > AT_A_TIME else None,
        "asked": asked,
        "first": not asked and before is None,
    }
    return render(request, "wall/hung.html", context)


def _change(request: StaffRequest) -> HttpResponse:
    """Each by itself: one that came too late changes nothing and costs no other."""
    done, aside, late = 0, 0, 0
    for name, chosen in request.POST.items():
        if not name.startswith(MARK) or chosen not in ACTS:
            continue
        try:
            ACTS[str(chosen)](name.removeprefix(MARK), request.user)
            done, aside = done + (chosen != "escalate"), aside + (chosen == "escalate")
        except Stale:
            late += 1
    if done or aside:
        recount()
    say_set_aside(request, aside)
    if done:
        text = ngettext("%(n)d card changed.", "%(n)d cards changed.", done)
        messages.success(request, text % {"n": done})
    if late:
        say_late(request, late)
    if not done and not aside and not late:
        messages.warning(request, _("Nothing was marked."))
    return redirect(request.get_full_path() if request.GET.get("before") else "hung")


@requires(Permission.WALL_MODERATE)
@require_GET
def hung_picture(request: StaffRequest, file: str) -> HttpResponse:
    """The same bytes as on the public wall."""
    found = CardPicture.objects.filter(file=file).only("data").first()
    if found is None:
        raise Http404
    return HttpResponse(bytes(found.data), content_type=TYPES[file.rpartition(".")[2]])
