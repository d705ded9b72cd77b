"""The public program as it runs in service: it puts acts in, and can do nothing else with them.

It is another process, ``VIGIE_SURFACE=public``, without keys. On PostgreSQL its role's rights are
the wall (`test_grants`); on SQLite its connection narrows itself.
"""

import subprocess
import sys

import pytest
from django.db import connections

from tests.environment import ROOT
from vigie.campaign.newsletter.models import NewsletterAct
from vigie.campaign.newsletter.tests.support import MINOU, rounds, subscriber_of

pytestmark = pytest.mark.django_db(databases="__all__", transaction=True)
NOT_FOR_IT = {"VIGIE_DATABASE", "VIGIE_KEYS", "VIGIE_DESK_URL"}
CHILD = """
import django
django.setup()
from django.test import Client
visitor = Client(headers={"host": "localhost"})
sent = visitor.post("/fr/newsletter/", {"email": "minou@aurore.test", "language": "nl"})
print(sent.status_code)
for page in ("confirm", "unsubscribe"):
    pressed = visitor.post(f"/fr/newsletter/{page}/{'A' * 43}/")
    print(pressed.status_code, pressed["Referrer-Policy"], len(pressed.cookies))
from vigie.campaign.newsletter.models import NewsletterAct, Subscriber
for rows in (NewsletterAct.objects, Subscriber.objects):
    try:
        print("read", rows.count())
    except Exception as error:
        print("refused", type(error).__name__)
"""


def test_it_takes_wishes_and_can_read_neither_them_nor_the_list(child_environment):
    environment = {k: v for k, v in child_environment.items() if k not in NOT_FOR_IT}
    done = subprocess.run(
        [sys.executable, "-c", CHILD],
        env={**environment, "VIGIE_SURFACE": "public"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    sent, confirmed, left, acts, subscribers = done.stdout.splitlines()
    assert (sent, confirmed, left) == ("303", "200 no-referrer 0", "200 no-referrer 0")
    if connections["front"].vendor == "sqlite":
        assert acts == "refused DatabaseError"
    assert subscribers == "refused ImproperlyConfigured"
    assert NewsletterAct.objects.count() == 3
    rounds()
    assert subscriber_of(MINOU).language == "nl"
