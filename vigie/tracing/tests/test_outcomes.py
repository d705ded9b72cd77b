"""A look that fails says how, and the item goes to the people all the same.

Each row is a site, a name server or a registry that misbehaves on a real socket.
"""

import gzip
import json
import socket

import pytest

from tests.factories import looked
from tests.outside import BELGIAN, Outside, Says
from vigie.items.flow import State
from vigie.items.models import Item
from vigie.lib.tests.hostile_server import Names
from vigie.tracing.egress import egress
from vigie.tracing.models import Hosting

pytestmark = pytest.mark.django_db(databases="__all__")

REFUSING, NOBODY = "192.0.2.51", "192.0.2.52"
BOMB = gzip.compress(bytes(17_000_000), 1)


def _with_refusing_host(outside: Outside) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        unused = list(probe.getsockname())
    path = outside.folder / "map.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), REFUSING: {"80": unused}}))
    egress.cache_clear()


def _is_in_the_queue(item: Item) -> bool:
    return item.state == State.TO_ASSESS


@pytest.mark.parametrize(
    ("path", "outcome", "status"),
    [
        ("galerie.nord.test/error", "ok", 503),
        ("galerie.nord.test/login", "ok", 401),
        ("galerie.nord.test/a", "ok", 404),
        ("galerie.nord.test/loop", "redirect_loop", 302),
        ("galerie.nord.test/private", "refused_address", None),
        ("nobody.nord.test/", "no_such_name", None),
        ("127.0.0.1/", "refused_address", None),
        ("169.254.169.254/latest/meta-data/", "refused_address", None),
        ("192.168.1.1/admin", "refused_address", None),
        (f"{NOBODY}/", "refused_address", None),
        ("galerie.nord.test:25/", "refused_address", None),
        ("galerie.nord.test:8080/", "connect_failed", None),
    ],
)
def test_an_address_that_leads_nowhere_ends_in_its_outcome_and_with_the_people(
    outside, report_of, path, outcome, status
):
    (item,) = report_of(f"http://{path}")
    look = looked(item)
    assert (look.outcome, look.status) == (outcome, status)
    assert _is_in_the_queue(item)
    assert not look.media.exists()


SAYS: dict[str, tuple[Says, str, int | None]] = {
    "broken": (Says(500, b"<h1>sorry</h1>"), "ok", 500),
    "gone": (Says(410, b"gone"), "ok", 410),
    "bomb": (Says(200, BOMB, headers={"Content-Encoding": "gzip"}), "bomb", 200),
    "not gzip": (Says(200, b"plain", headers={"Content-Encoding": "gzip"}), "bad_encoding", 200),
    "too large": (Says(200, bytes(8_100_000)), "too_large", 200),
    "not a picture": (Says(200, b"words", "image/jpeg"), "ok", 200),
    "elsewhere": (Says(302, headers={"Location": "file:///etc/passwd"}), "refused_scheme", 302),
}


@pytest.mark.parametrize("name", SAYS)
def test_an_answer_that_cannot_be_used_ends_in_its_outcome_and_with_the_people(
    outside, report_of, name
):
    says, outcome, status = SAYS[name]
    outside.site.pages["/it"] = says
    (item,) = report_of(outside.site.url("/it"))
    look = looked(item)
    assert (look.outcome, look.status) == (outcome, status)
    assert _is_in_the_queue(item)
    assert look.hosting.abuse_contact == "abuse@nord.test", "who hosts it is known all the same"


def test_a_host_that_refuses_is_a_failed_connection(outside, report_of):
    _with_refusing_host(outside)
    (item,) = report_of(f"http://{REFUSING}/")
    assert looked(item).outcome == "connect_failed"
    assert _is_in_the_queue(item)


def test_a_host_that_never_ends_is_left_when_the_visit_has_had_its_time(
    outside, report_of, settings
):
    settings.LEASE_SECONDS = 0.5
    (item,) = report_of("http://galerie.nord.test/slow")
    look = looked(item)
    assert look.outcome == "timed_out"
    assert _is_in_the_queue(item)


def test_a_name_server_that_fails_is_said_so(outside, report_of, monkeypatch):
    names = Names()
    names.say("galerie.nord.test", "A", ("SERVFAIL",))
    monkeypatch.setenv("VIGIE_NAMESERVERS", "{}:{}".format(*names.endpoint))
    egress.cache_clear()
    (item,) = report_of("http://galerie.nord.test/")
    assert looked(item).outcome == "dns_failed"
    assert _is_in_the_queue(item)
    names.close()


def test_no_failed_look_keeps_a_host_that_was_never_reached(outside, report_of):
    for path in ("galerie.nord.test/private", "nobody.nord.test/"):
        looked(report_of(f"http://{path}")[0])
    assert not Hosting.objects.filter(ip__startswith="169.254").exists()


def test_each_outcome_can_be_read_on_the_desk(outside, report_of, desk_client, analyst):
    """Nothing fails silently: the item's page and the queue open, whatever the look ended in."""
    items = report_of(
        f"http://galerie.nord.test/error\nhttp://galerie.nord.test/loop\nhttp://{NOBODY}/\n"
        "http://127.0.0.1/\nhttp://nobody.nord.test/\nTelegram @chaton_demo\n"
        f"http://{BELGIAN}/words"
    )
    outside.site.pages["/words"] = Says(200, b"words", "image/jpeg")
    client = desk_client(analyst)
    for item in items:
        looked(item)
    texts = {item.pk: client.get(f"/queue/items/{item.pk}/") for item in items}
    assert [answer.status_code for answer in texts.values()] == [200] * len(items)
    queue = client.get("/queue/").content.decode()
    assert all(f"/queue/items/{item.pk}/" in queue for item in items)
