"""The pages about people, and about what takes two of them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tests.browser.people import TOKEN
from tests.browser.sight import DESK, Sight, answered, blank, desk, sent
from vigie.people.forms import PasswordForm

INVITED = f"/join/{TOKEN}/"


def choosing(request: HttpRequest) -> HttpResponse:
    return render(request, "people/choose_password.html", {"form": PasswordForm()})


SIGHTS = [
    desk("overview", "manager", "/overview/"),
    desk("acts", "lead", "/acts/"),
    desk("acts", "administrator", "/acts/", "administrator"),
    desk("policies", "manager", "/policies/"),
    desk("propose_policy", "lead", "/policies/jurisdiction/"),
    desk("propose_policy", "lead", blank("/policies/retention/", "#propose"), "error"),
    desk("people", "manager", "/people/"),
    desk("people", "administrator", "/people/", "administrator"),
    desk("people", "administrator", blank("/people/", "#invite"), "error"),
    desk("person", "administrator", "/people/1/"),
    desk("person", "manager", blank("/people/1/", "#recover form"), "error"),
    desk("sessions", "analyst", "/account/sessions/"),
    desk("join", "", INVITED),
    desk("join", "", sent(INVITED, "main form .btn", name="Minou", username="minou",
                          password="short and bad", again="another"), "error"),
    desk("join", "", "/join/invented/", "over"),
    Sight("desk", "choose_password", answered(DESK, choosing)),
]  # fmt: skip
NO_PAGES = {
    "invite",
    "withdraw_invitation",
    "make_team",
    "dissolve_team",
    "set_teams",
    "sign_out",
    "leave",
    "ask_recovery",
    "change_session",
    "sign_out_everywhere",
    "answer_act",
    "ask_newsletter_export",
}
