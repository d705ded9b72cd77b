"""Moderating: a person decides on every picture that the public will see."""

import uuid
from collections.abc import Callable, Iterator

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vigie.campaign.wall.escalating import escalate, note_seen
from vigie.campaign.wall.models import KINDS, Card, Escalation, Submission
from vigie.campaign.wall.selectors import AT_A_TIME, waiting
from vigie.campaign.wall.services import NotOpen, Stale, approve, recount, refuse
from vigie.staff.access import StaffRequest, requires
from vigie.staff.models import User
from vigie.staff.permissions import Permission
from vigie.staff.selectors import names_of

Act = Callable[[uuid.UUID, User], object]


def _without_name(submission: uuid.UUID, by: User) -> Card:
    return approve(submission, by, with_name=False)


ACTS: dict[str, Act] = {
    "approve": approve,
    "nameless": _without_name,
    "refuse": refuse,
    "escalate": escalate,
}
HANGING = {"approve", "nameless"}


@requires(Permission.WALL_MODERATE)
@require_http_methods(["GET", "POST"])
def moderate(request: StaffRequest) -> HttpResponse:
    """Fifty at a time, the oldest first; each row is decided, or left for later."""
    if request.method == "POST":
        return _decide(request)
    rows = waiting()
    context = {"rows": rows[:AT_A_TIME], "waiting": rows.count()}
    return render(request, "wall/moderate.html", context)


def _decide(request: StaffRequest) -> HttpResponse:
    """Each decision by itself: one that came too late changes nothing and costs no other.

    What nobody says to have seen is not hung. Refused and set aside it may be.
    """
    done, aside, late, unseen = 0, 0, 0, 0
    looked_at = set(request.POST.getlist("seen"))
    for submission, chosen in _marks(request.POST):
        if chosen in HANGING and str(submission) not in looked_at:
            unseen += 1
            continue
        try:
            ACTS[chosen](submission, request.user)
            done, aside = done + (chosen != "escalate"), aside + (chosen == "escalate")
        except Stale:
            late += 1
        except NotOpen:
            messages.error(
                request,
                _(
                    "First confirm the hotline’s addresses in the campaign’s settings: nothing can "
                    "be hung before."
                ),
            )
            break
    if done or aside:
        recount()
    say_set_aside(request, aside)
    if done:
        text = ngettext("%(n)d card decided.", "%(n)d cards decided.", done)
        messages.success(request, text % {"n": done})
    if unseen:
        text = ngettext(
            "%(n)d card was not hung, because you have not looked at it. It still waits.",
            "%(n)d cards were not hung, because you have not looked at them. They still wait.",
            unseen,
        )
        messages.error(request, text % {"n": unseen})
    if late:
        say_late(request, late)
    return redirect("moderate")


def say_set_aside(request: StaffRequest, aside: int) -> None:
    """To whoever pressed the key: what has happened now, and what they do (nothing)."""
    if not aside:
        return
    text = ngettext(
        "%(n)d card was set aside. Nobody can see it any more, it is no longer kept, and a lead is "
        "told by mail; the lead does what the police want done.",
        "%(n)d cards were set aside. Nobody can see them any more, they are no longer kept, and a "
        "lead is told by mail; the lead does what the police want done.",
        aside,
    )
    what_to_do = _(
        "Do not look for it, copy nothing, and describe it to nobody but a lead. If it stays with "
        "you, tell your lead."
    )
    messages.warning(request, f"{text % {'n': aside}} {what_to_do}")


def say_late(request: StaffRequest, late: int) -> None:
    """Of so many, somebody had decided before."""
    text = ngettext(
        "%(n)d was gone already: a colleague was quicker, or it was taken back.",
        "%(n)d were gone already: a colleague was quicker, or they were taken back.",
        late,
    )
    messages.warning(request, text % {"n": late})


def _marks(sent: QueryDict) -> Iterator[tuple[uuid.UUID, str]]:
    for name, chosen in sent.items():
        submission = _number(name)
        if submission is not None and chosen in ACTS:
            yield submission, str(chosen)


def _number(name: str) -> uuid.UUID | None:
    """``card-<uuid>`` as the form writes it."""
    try:
        return uuid.UUID(name.removeprefix("card-")) if name.startswith("card-") else None
    except ValueError:
        return None


@requires(Permission.WALL_MODERATE)
@require_GET
def still(request: StaffRequest, submission: uuid.UUID, kind: str) -> HttpResponse:
    """A picture of one that waits, as it will be public: each kind shows another part of the photo.

    One that was not compared yet is shown to nobody.
    """
    if kind not in KINDS:
        raise Http404
    row = get_object_or_404(Submission.objects.only(kind), pk=submission, state="waiting")
    content_type = "image/webp" if kind == "small" else "image/jpeg"
    return HttpResponse(bytes(getattr(row, kind)), content_type=content_type)


@requires(Permission.ESCALATION_READ)
@require_GET
def escalations(request: StaffRequest) -> HttpResponse:
    """What was set aside, and what the written instruction of the police says to do."""
    language = request.user.language
    instruction = settings.ORGANISATION.localised(language).get("police_instruction", "")
    found = list(Escalation.objects.all()[:100])
    names = names_of(row.seen_by for row in found)
    rows = [(row, names.get(row.seen_by, "")) for row in found]
    return render(request, "wall/escalations.html", {"rows": rows, "instruction": instruction})


@requires(Permission.ESCALATION_READ)
@require_POST
def seen(request: StaffRequest, pk: int) -> HttpResponse:
    note_seen(get_object_or_404(Escalation, pk=pk), request.user)
    return redirect("escalations")
