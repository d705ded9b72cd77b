"""Inviting, joining, teams, recovery, and a name for a session."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from vigie.lib.words import a_reason
from vigie.people.changing import takes_two
from vigie.people.models import Team
from vigie.people.recovery import LOST_WORDS
from vigie.staff.models import User
from vigie.staff.permissions import ROLE_NAMES, Role


class Described(forms.Form):
    """Fields that name their help text to a screen reader."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if field.help_text:
                field.widget.attrs["aria-describedby"] = f"id_{self.add_prefix(name)}_helptext"


class InvitationForm(Described):
    email = forms.EmailField(label=_("Mail address"), max_length=254)
    role = forms.ChoiceField(
        label=_("Role"),
        choices=list(ROLE_NAMES.items()),
        help_text=_(
            "A role that confirms acts of others, or sees reported addresses, takes two people."
        ),
    )
    team = forms.ModelChoiceField(
        label=_("Team"), queryset=Team.objects.all(), required=False, empty_label=_("none")
    )
    language = forms.ChoiceField(label=_("Language of the letter"), choices=settings.LANGUAGES)


class PasswordForm(Described):
    password = forms.CharField(
        label=_("Password"),
        help_text=_("12 characters or more."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        max_length=200,
        strip=False,
    )
    again = forms.CharField(
        label=_("The password again"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        max_length=200,
        strip=False,
    )

    def whose(self) -> User | None:
        """Who chooses: a password that is like their name is refused."""
        return None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        password, again = data.get("password"), data.get("again")
        if password and again and password != again:
            self.add_error("again", _("This is not the same password."))
        elif password:
            try:
                validate_password(password, self.whose())
            except forms.ValidationError as error:
                self.add_error("password", error)
        return data


class JoinForm(PasswordForm):
    field_order = ("name", "username", "password", "again")
    name = forms.CharField(
        label=_("Your name"),
        help_text=_("Colleagues and the journal call you so."),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    username = forms.SlugField(
        label=_("Name for signing in"),
        help_text=_("Letters, digits, - and _, without spaces."),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )

    def clean_username(self) -> str:
        return str(self.cleaned_data["username"]).lower()

    def whose(self) -> User:
        data = self.cleaned_data
        return User(username=data.get("username", ""), name=data.get("name", ""))


class TeamForm(Described):
    name = forms.CharField(label=_("Name of the team"), max_length=60)


class TeamsForm(forms.Form):
    teams = forms.ModelMultipleChoiceField(
        label=_("Teams"),
        queryset=Team.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class RecoveryForm(Described):
    lost = forms.ChoiceField(
        label=_("What was lost"),
        choices=[(lost.value, words) for lost, words in LOST_WORDS.items()],
    )
    reason = forms.CharField(
        label=_("How do you know that it is they who ask?"),
        validators=[a_reason],
        help_text=_("The second person reads it. For instance: “came to my office”."),
        max_length=200,
    )


class AccountForm(Described):
    """Another role or mail address; ``user`` has the present ones."""

    role = forms.ChoiceField(
        label=_("Role"),
        choices=list(ROLE_NAMES.items()),
        help_text=_(
            "From or to a role that confirms acts of others, or sees reported addresses, it takes "
            "two people."
        ),
    )
    email = forms.EmailField(label=_("Mail address"), max_length=254)
    reason = forms.CharField(
        label=_("Reason, where a second person confirms"),
        max_length=200,
        required=False,
        validators=[a_reason],
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self.user = user
        initial = {"role": user.role, "email": user.email}
        super().__init__(*args, prefix="account", initial=initial, **kwargs)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        role = data.get("role")
        if role and takes_two(self.user, Role(role)) and not data.get("reason"):
            self.add_error("reason", _("Say why, for the colleague who confirms."))
        return data


class SessionNameForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=40, required=False)
