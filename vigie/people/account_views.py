"""One's own sessions; and the two links that come by mail: joining, and a new password."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vigie.lib.access import public
from vigie.people import invitations, recovery
from vigie.people.forms import JoinForm, PasswordForm, SessionNameForm
from vigie.people.sessions import end_all, end_one, name_session, sessions_of
from vigie.staff.access import StaffRequest, staff


@staff
@require_GET
def sessions(request: StaffRequest) -> HttpResponse:
    found = sessions_of(request.user)
    context = {"sessions": found, "here": request.session.session_key}
    return render(request, "people/sessions.html", context)


@staff
@require_POST
def change_session(request: StaffRequest) -> HttpResponse:
    """Name or end one of one's own sessions."""
    which = request.POST.get("which", "")
    found = next((one for one in sessions_of(request.user) if one.mark == which), None)
    if found is None:
        messages.info(request, _("This session had ended already."))
    elif request.POST.get("act") == "end":
        end_one(found.key, request.user)
        messages.success(request, _("Ended."))
    elif (form := SessionNameForm(request.POST)).is_valid():
        name_session(found.key, request.user, form.cleaned_data["name"])
    return redirect("sessions")


@staff
@require_POST
def sign_out_everywhere(request: StaffRequest) -> HttpResponse:
    end_all(request.user, request.user)
    return redirect("account_login")


@public
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Choose name and password; the second factor is set up at the first sign-in."""
    try:
        invitation = invitations.invited_by(token)
        form = JoinForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            data = form.cleaned_data
            try:
                invitations.accept(token, data["username"], data["name"], data["password"])
            except invitations.NameTaken:
                form.add_error("username", _("Somebody here has this name already."))
            else:
                return _done(request)
    except invitations.NotOpen:
        return render(request, "people/link_over.html", status=410)
    context = {"form": form, "invitation": invitation}
    return render(request, "people/join.html", context, status=422 if form.errors else 200)


@public
@require_http_methods(["GET", "POST"])
def choose_password(request: HttpRequest, pk: int, token: str) -> HttpResponse:
    if recovery.of_link(pk, token) is None:
        return render(request, "people/link_over.html", status=410)
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if recovery.choose_password(pk, token, form.cleaned_data["password"]):
            return _done(request)
        return render(request, "people/link_over.html", status=410)
    context = {"form": form}
    return render(
        request, "people/choose_password.html", context, status=422 if form.errors else 200
    )


def _done(request: HttpRequest) -> HttpResponse:
    messages.success(request, _("Done. Sign in, and set up your second factor if you are asked."))
    return redirect("account_login")
