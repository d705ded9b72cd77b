"""Who works here, and what an administrator does about it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from vigie.people import changing, invitations, leaving, recovery, selectors, teams
from vigie.people.forms import AccountForm, InvitationForm, RecoveryForm, TeamForm, TeamsForm
from vigie.people.four_eyes import CannotBeDone, SamePerson
from vigie.people.models import Team
from vigie.people.sessions import end_all
from vigie.staff.access import StaffRequest, requires
from vigie.staff.models import User
from vigie.staff.permissions import Permission, Role


@requires(Permission.STAFF_READ)
@require_GET
def people(request: StaffRequest) -> HttpResponse:
    return _people(request)


def _people(
    request: StaffRequest,
    form: InvitationForm | None = None,
    team_form: TeamForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "people": selectors.people(),
        "invitations": selectors.invitations(),
        "teams": selectors.teams(),
        "form": form or InvitationForm(initial={"language": request.user.language}),
        "team_form": team_form or TeamForm(prefix="team"),
        "may_manage": request.user.may(Permission.STAFF_MANAGE),
    }
    return render(request, "people/people.html", context, status=status)


@requires(Permission.STAFF_MANAGE)
@require_POST
def invite(request: StaffRequest) -> HttpResponse:
    form = InvitationForm(request.POST)
    if not form.is_valid():
        return _people(request, form, status=422)
    data = form.cleaned_data
    role, team = Role(data["role"]), data["team"]
    try:
        made = invitations.invite(data["email"], role, team, data["language"], request.user)
    except invitations.AddressTaken as error:
        form.add_error("email", str(error))
        return _people(request, form, status=422)
    said = _("The invitation is on its way.") if made else _("Asked. A colleague has to confirm.")
    messages.success(request, said)
    return redirect("people")


@requires(Permission.STAFF_MANAGE)
@require_POST
def withdraw_invitation(request: StaffRequest, pk: int) -> HttpResponse:
    try:
        invitations.withdraw(pk, request.user)
    except invitations.NotOpen:
        messages.info(request, _("This invitation was used or withdrawn already."))
    else:
        messages.success(request, _("Its link opens nothing any more."))
    return redirect("people")


@requires(Permission.STAFF_MANAGE)
@require_POST
def make_team(request: StaffRequest) -> HttpResponse:
    form = TeamForm(request.POST, prefix="team")
    if form.is_valid():
        try:
            teams.make_team(form.cleaned_data["name"], request.user)
        except teams.NameTaken:
            form.add_error("name", _("There is a team of this name."))
        else:
            return redirect("people")
    return _people(request, team_form=form, status=422)


@requires(Permission.STAFF_MANAGE)
@require_POST
def dissolve_team(request: StaffRequest, pk: int) -> HttpResponse:
    teams.dissolve_team(get_object_or_404(Team, pk=pk), request.user)
    return redirect("people")


@requires(Permission.STAFF_READ)
@require_GET
def person(request: StaffRequest, pk: int) -> HttpResponse:
    return _person(request, get_object_or_404(User, pk=pk))


def _person(
    request: StaffRequest,
    found: User,
    form: RecoveryForm | None = None,
    account_form: AccountForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "person": found,
        "has_factor": selectors.has_factor(found),
        "invitation": selectors.invitation_of(found),
        "form": form or RecoveryForm(),
        "account_form": account_form or AccountForm(user=found),
        "teams_form": TeamsForm(initial={"teams": found.teams.all()}),
        "may_manage": request.user.may(Permission.STAFF_MANAGE),
        "leaves_by_two": leaving.takes_two(found, request.user),
        "may_recover": request.user.may(Permission.STAFF_RECOVER) and found != request.user,
    }
    return render(request, "people/person.html", context, status=status)


@requires(Permission.STAFF_MANAGE)
@require_POST
def set_teams(request: StaffRequest, pk: int) -> HttpResponse:
    found, form = get_object_or_404(User, pk=pk), TeamsForm(request.POST)
    if form.is_valid():
        teams.set_teams(found, form.cleaned_data["teams"], request.user)
        messages.success(request, _("Kept."))
    return redirect("person", pk)


@requires(Permission.STAFF_MANAGE)
@require_POST
def change_account(request: StaffRequest, pk: int) -> HttpResponse:
    """Another role or mail address."""
    found = get_object_or_404(User, pk=pk)
    form = AccountForm(request.POST, user=found)
    if form.is_valid():
        data = form.cleaned_data
        try:
            asked = changing.change(
                found, Role(data["role"]), data["email"], data["reason"], request.user
            )
        except changing.NothingChanges:
            form.add_error(None, _("They have this role and this address already."))
        except SamePerson:
            form.add_error(None, _("Another administrator has to do this for you."))
        except CannotBeDone as error:
            form.add_error(None, str(error))
        else:
            said = (
                _("Asked. A colleague has to confirm.") if asked else _("Changed. They are told.")
            )
            messages.success(request, said)
            return redirect("acts" if asked else "person", *([] if asked else [pk]))
    return _person(request, found, account_form=form, status=422)


@requires(Permission.STAFF_MANAGE)
@require_POST
def sign_out(request: StaffRequest, pk: int) -> HttpResponse:
    """Sign a colleague out everywhere; one's own sessions have a page of their own."""
    found = get_object_or_404(User, pk=pk)
    if found == request.user:
        return redirect("sessions")
    end_all(found, request.user)
    messages.success(request, _("Signed out everywhere."))
    return redirect("person", pk)


@requires(Permission.STAFF_MANAGE)
@require_POST
def leave(request: StaffRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(User, pk=pk)
    if request.POST.get("sure") != "on":
        return redirect("person", pk)
    try:
        asked = leaving.ask_leave(found, request.POST.get("reason", "").strip(), request.user)
    except SamePerson:
        messages.error(request, _("Another administrator has to do this for you."))
    except leaving.NoReason:
        messages.error(request, _("Say why: a colleague has to confirm this, and reads it."))
    else:
        if asked:
            messages.success(request, _("Asked. A colleague has to confirm."))
    return redirect("person", pk)


@requires(Permission.STAFF_RECOVER)
@require_POST
def ask_recovery(request: StaffRequest, pk: int) -> HttpResponse:
    found, form = get_object_or_404(User, pk=pk), RecoveryForm(request.POST)
    if form.is_valid():
        lost = recovery.Lost(form.cleaned_data["lost"])
        try:
            recovery.ask_recovery(found, lost, form.cleaned_data["reason"], request.user)
        except recovery.NoAddress:
            form.add_error(None, _("No mail address is known for them: they could not be told."))
        except SamePerson:
            form.add_error(None, _("Two colleagues have to do this for you."))
        except CannotBeDone as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Asked. A colleague has to confirm."))
            return redirect("acts")
    return _person(request, found, form, status=422)
