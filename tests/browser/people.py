"""Colleagues in every state that their pages show, and what waits for two of them."""

TOKEN = "a-token-of-the-tests"  # noqa: S105
# Done inside the desk.
ARRANGE = f"""
from vigie.dispatch.changing import ask_policy, present
from vigie.people.invitations import _hash, invite, withdraw
from vigie.people.models import Invitation
from vigie.people.recovery import Lost, ask_recovery
from vigie.people.teams import make_team, set_teams
from vigie.staff.models import User
from vigie.staff.permissions import Role
names = ("analyst", "lead", "manager", "administrator", "liaison")
analyst, lead, manager, administrator, liaison = (User.objects.get(username=n) for n in names)
days, nights = (make_team(name, administrator) for name in ("Days", "Nights"))
set_teams(analyst, [days, nights], administrator)
set_teams(lead, [days], administrator)
invite("minou@aurore.test", Role.EDITOR, days, "fr", administrator)
Invitation.objects.update(token_hash=_hash("{TOKEN}"))
withdraw(invite("mimi@aurore.test", Role.EDITOR, None, "nl", administrator).pk, administrator)
invite("felix@aurore.test", Role.LEAD, nights, "de", administrator)
ask_recovery(liaison, Lost.FACTOR, "Came to my office with a new phone.", lead)
text = present()[1].replace('gate = "magistrate"\\n', "").replace("2026-11", "2026-12")
ask_policy(text, manager, "The convention of 2026, article 7.")
"""
