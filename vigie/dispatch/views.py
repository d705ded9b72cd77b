"""Letters that left or wait to: the liaison's and the lead's pages."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from vigie.dispatch import contacts, correcting, services
from vigie.dispatch.forms import AuthorisationForm, ContactForm, ErrandForm
from vigie.dispatch.models import Referral
from vigie.dispatch.selectors import (
    errands_visible_to,
    errands_written,
    notices_for_a_lead,
    notices_visible_to,
    referrals_visible_to,
)
from vigie.items import keys
from vigie.items.flow import IllegalMove, Stale
from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.staff.access import StaffRequest, requires
from vigie.staff.permissions import Permission

PAGE, FEW = 100, 20


@requires(Permission.DISPATCH_READ)
@require_GET
def letters(request: StaffRequest) -> HttpResponse:
    return letters_page(request)


def letters_page(
    request: StaffRequest,
    tried: tuple[int, ContactForm] | None = None,
    status: int = 200,
    written: tuple[int, ErrandForm] | None = None,
) -> HttpResponse:
    """``tried``: a contact that was entered and refused, and for which notice. ``written``: what
    was written down of an errand, and refused."""
    entered = dict([tried] if tried else [])
    refused = dict([written] if written else [])
    errands = list(errands_visible_to(request.user)[:PAGE])
    done = list(errands_written(request.user)[:FEW])
    waiting = list(notices_for_a_lead(request.user)[:PAGE])
    referrals = list(referrals_visible_to(request.user)[:PAGE])
    notices = list(notices_visible_to(request.user)[:PAGE])
    listed = {letter.item_id for letter in (*waiting, *notices)} | {r.item_id for r in referrals}
    listed |= {errand.item_id for errand in (*errands, *done)}
    append(Verb.ITEMS_LISTED, "items", request.user.actor, page="letters", count=len(listed))
    context = {
        "errands": [(e, refused.get(e.pk) or ErrandForm(errand=e)) for e in errands],
        "errands_done": done,
        "may_write": request.user.may(Permission.ERRAND_WRITE),
        "may_read_words": request.user.may(Permission.WORDS_READ),
        "waiting": [(n, entered.get(n.pk) or ContactForm(notice=n)) for n in waiting],
        "referrals": referrals,
        "notices": notices,
        "perms_approve": request.user.may(Permission.NOTICE_APPROVE),
    }
    return render(request, "dispatch/letters.html", context, status=status)


@requires(Permission.DISPATCH_READ)
@require_GET
def referral(request: StaffRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(referrals_visible_to(request.user), pk=pk)
    return _referral_page(request, found)


def _referral_page(
    request: StaffRequest, found: Referral, form: AuthorisationForm | None = None, status: int = 200
) -> HttpResponse:
    append(Verb.ITEM_OPENED, found.item.subject, request.user.actor, referral=found.pk)
    context = {
        "referral": found,
        "item": found.item,
        "locator": keys.shown(found.item.locator),
        "form": form or AuthorisationForm(initial={"reference": found.authorisation}),
        "may_record": request.user.may(Permission.REFERRAL_RECORD),
        "may_hold": request.user.may(Permission.ITEM_HOLD),
        "to_acknowledge": found.step == Referral.Step.SENT,
        "to_authorise": found.awaits_authorisation,
        "to_refuse": found.awaits_authorisation and found.step != Referral.Step.REFUSED,
        "to_contact": found.police_may_contact,
        "to_take_back": correcting.may_take_back(found),
        "until": correcting.until(found),
        "to_correct": correcting.may_correct(found),
        "notices": found.notices.all(),
    }
    return render(request, "dispatch/referral.html", context, status=status)


@requires(Permission.REFERRAL_RECORD)
@require_POST
def acknowledge(request: StaffRequest, pk: int) -> HttpResponse:
    return _record(request, pk, services.acknowledge, _("The acknowledgement is written down."))


@requires(Permission.REFERRAL_RECORD)
@require_POST
def refuse(request: StaffRequest, pk: int) -> HttpResponse:
    return _record(request, pk, services.refuse, _("The refusal is written down."))


@requires(Permission.REFERRAL_RECORD)
@require_POST
def host_contacted(request: StaffRequest, pk: int) -> HttpResponse:
    return _record(request, pk, services.host_contacted, _("It is written down."))


@requires(Permission.REFERRAL_RECORD)
@require_POST
def authorise(request: StaffRequest, pk: int) -> HttpResponse:
    act = partial(services.authorise, refused="refused" in request.POST)
    return _record_reference(request, pk, act, _("The authorisation is written down."))


@requires(Permission.REFERRAL_RECORD)
@require_POST
def take_back_authorisation(request: StaffRequest, pk: int) -> HttpResponse:
    return _record(request, pk, correcting.take_back, _("The authorisation is taken back."))


@requires(Permission.REFERRAL_RECORD)
@require_POST
def correct_reference(request: StaffRequest, pk: int) -> HttpResponse:
    return _record_reference(request, pk, correcting.correct, _("The reference is written down."))


def _record_reference(
    request: StaffRequest, pk: int, act: Callable[[Referral, str, str], None], said: str
) -> HttpResponse:
    """``act``: takes the referral, the reference that was typed, and who."""
    found = get_object_or_404(referrals_visible_to(request.user), pk=pk)
    form = AuthorisationForm(request.POST)
    if not form.is_valid():
        return _referral_page(request, found, form, status=422)
    reference = form.cleaned_data["reference"]
    return _record(request, pk, lambda referral, by: act(referral, reference, by), said)


@requires(Permission.ITEM_HOLD)
@require_POST
def hold(request: StaffRequest, pk: int) -> HttpResponse:
    """The police ask for silence about the item, or lift it."""
    held = request.POST.get("held") == "yes"

    def act(referral: Referral, by: str) -> None:
        services.hold(referral, by, held=held)

    return _record(request, pk, act, _("It is written down."))


@requires(Permission.NOTICE_APPROVE)
@require_POST
def approve(request: StaffRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(notices_visible_to(request.user), pk=pk)
    try:
        contacts.approve_notice(found, request.user.actor)
    except Stale:
        return conflict(request, stale=True)
    messages.success(request, _("%(notice)s may leave.") % {"notice": found.reference})
    return redirect("letters")


@requires(Permission.NOTICE_APPROVE)
@require_POST
def name_contact(request: StaffRequest, pk: int) -> HttpResponse:
    """The registry names nobody for this notice: a lead says whom to write to, and whence."""
    found = get_object_or_404(notices_visible_to(request.user), pk=pk)
    form = ContactForm(request.POST, notice=found)
    if not form.is_valid():
        return letters_page(request, (found.pk, form), status=422)
    data = form.cleaned_data
    try:
        contacts.name_contact(found, data["address"], data["found_in"], request.user.actor)
    except Stale:
        return conflict(request, stale=True)
    messages.success(request, _("The contact is written down."))
    return redirect("letters")


def _record(
    request: StaffRequest, pk: int, act: Callable[[Referral, str], None], done: str
) -> HttpResponse:
    found = get_object_or_404(referrals_visible_to(request.user), pk=pk)
    try:
        act(found, request.user.actor)
    except (Stale, IllegalMove) as error:
        return conflict(request, stale=isinstance(error, Stale))
    messages.success(request, done)
    return redirect("referral", pk=pk)


def conflict(request: StaffRequest, *, stale: bool) -> HttpResponse:
    return render(request, "cases/conflict.html", {"stale": stale}, status=409)
