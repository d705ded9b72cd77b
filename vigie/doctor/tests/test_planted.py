"""`vigie doctor` on a running deployment: content with the good one, and with none of the others.

Each misconfiguration is planted in front of, or beside, the real programs. The doctor must fail on
exactly what is wrong, and on nothing else.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.conf import settings as configured
from django.db import OperationalError, connections

from tests.databases import address_of
from tests.environment import FOLDER, ROOT
from vigie.doctor import desk, files, logs, rights, running
from vigie.doctor import site as public_site
from vigie.doctor.asking import Site
from vigie.doctor.examination import Asked, asked_safely, examine, on_this_machine
from vigie.doctor.finding import Finding, Outcome
from vigie.doctor.tests.conftest import ROLE
from vigie.doctor.tests.deployment import ONION, Deployment, Reply
from vigie.intake.models import Letter
from vigie.intake.services import NewReport, receive
from vigie.journal.heads import sign_head
from vigie.journal.models import Entry
from vigie.keeping import rotation
from vigie.keeping.models import KeepingRule, TrustedTime
from vigie.keeping.policy import POLICIES, load_retention
from vigie.lib import clock
from vigie.lib.keyring import read_env, write
from vigie.matching.following import keep_up
from vigie.matching.lists.tests.support import loaded, value
from vigie.matching.models import ListedHash
from vigie.worker.models import LastRound
from vigie.worker.rounds import LANES

pytestmark = [pytest.mark.django_db(databases="__all__"), pytest.mark.rest]


def failing(found: list[Finding]) -> set[str]:
    return {one.name for one in found if one.outcome is Outcome.FAIL}


@pytest.fixture
def well(deployment: Deployment, settings, tmp_path) -> Asked:
    """What a good deployment has on its machine: keys, signed heads, a living worker."""
    keys = tmp_path / "keys"
    shutil.copytree(FOLDER / "keys", keys)
    settings.KEYS, settings.ONION = keys, ONION
    settings.PUBLIC_URL = deployment.public_url
    settings.JOURNAL_HEADS = tmp_path / "elsewhere" / "heads.jsonl"
    load_retention(POLICIES / "demo.toml", "tests")
    sign_head(settings.JOURNAL_HEADS, (keys / "journal.key").read_bytes())
    for lane in LANES:
        LastRound.objects.create(lane=lane, at=clock.now())
    keep_up()
    env, log = tmp_path / "public.env", tmp_path / "proxy.log"
    lines = (f"{name}={value}\n" for name, value in deployment.public_environment.items())
    write(env, "".join(lines).encode())
    write(log, b"")
    return Asked(deployment.public_url, deployment.desk_url, deployment.authority, env, (log,))


def test_a_good_deployment_has_nothing_wrong_and_no_report_was_written(well):
    found = examine(well)
    assert [str(one) for one in found if one.outcome is not Outcome.OK] == []
    assert len(found) > 30
    assert Letter.objects.count() == 0


def on_pages(change: Callable[[Reply], None]) -> Callable[[Reply], None]:
    return lambda reply: change(reply) if reply.is_page else None


def without(header: str) -> Callable[[Reply], None]:
    return lambda reply: reply.drop(header)


def put(header: str, value: str) -> Callable[[Reply], None]:
    return on_pages(lambda reply: reply.put(header, value))


def insert(markup: str) -> Callable[[Reply], None]:
    return on_pages(lambda reply: reply.insert(markup))


def looser_csp(reply: Reply) -> None:
    reply.headers = [
        (k, v.replace("script-src 'self'", "script-src 'self' 'unsafe-inline'"))
        if k == "content-security-policy"
        else (k, v)
        for k, v in reply.headers
    ]


def cookie_when_refused(reply: Reply) -> None:
    if reply.method == "POST":
        reply.put("set-cookie", "seen=1; Secure")


def kept_form(reply: Reply) -> None:
    if reply.path.endswith("/report/"):
        reply.drop("cache-control")
        reply.put("cache-control", "private, max-age=60")


def broken(reply: Reply) -> None:
    if reply.path == "/robots.txt":
        reply.status = 502


SITE = {
    "no CSP": (without("content-security-policy"), "site.csp"),
    "inline scripts allowed": (looser_csp, "site.csp"),
    "framing allowed": (
        lambda reply: (
            without("content-security-policy")(reply),
            put(
                "content-security-policy",
                "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors *",
            )(reply),
        ),
        "site.csp",
    ),
    "no HSTS": (without("strict-transport-security"), "site.hsts"),
    "no nosniff": (without("x-content-type-options"), "site.nosniff"),
    "another referrer policy": (put("referrer-policy", "origin"), "site.referrer"),
    "the form is kept": (kept_form, "site.no_store"),
    "no permissions policy": (without("permissions-policy"), "site.permissions"),
    "no X-Frame-Options": (without("x-frame-options"), "site.frames"),
    "no opener policy": (without("cross-origin-opener-policy"), "site.opener"),
    "a cookie": (put("set-cookie", "visitor=1; Secure; HttpOnly"), "site.cookies"),
    "a cookie only for who sends": (cookie_when_refused, "site.cookies"),
    "the proxy's version": (
        lambda reply: (reply.drop("server"), reply.put("server", "nginx/1.22.1")),
        "site.silent",
    ),
    "the framework's name": (put("x-powered-by", "Django"), "site.silent"),
    "a number for each request": (put("x-request-id", "7"), "site.silent"),
    "network errors told elsewhere": (put("nel", '{"report_to": "x"}'), "site.reporting"),
    "a third party's script": (
        insert('<script src="https://cdn.example/count.js"></script>'),
        "site.third_parties",
    ),
    "a counting picture": (insert('<img src="//count.example/1.gif">'), "site.third_parties"),
    "a third party's font": (
        put("link", "<https://fonts.example/a.woff2>; rel=preload"),
        "site.third_parties",
    ),
    "a form that leads elsewhere": (
        insert('<form action="https://forms.example/"></form>'),
        "site.third_parties",
    ),
    "an inline script": (insert("<script>count()</script>"), "site.inline"),
    "an event handler": (insert('<p onclick="x()">'), "site.inline"),
    "no onion location": (without("onion-location"), "site.onion_location"),
    "two onion locations": (
        put("onion-location", "http://other.example/"),
        "site.onion_location",
    ),
    "a page that fails": (broken, "site.answers"),
}


@pytest.mark.parametrize("planted", SITE)
def test_what_is_wrong_in_front_of_the_public_site_is_found(deployment, settings, planted):
    settings.ONION = ONION
    deployment.site.wrong, expected = SITE[planted]
    with closing(Site(deployment.public_url, deployment.authority)) as site:
        found = public_site.examine(site, deployment.desk_url)
    assert failing(found) == {expected}
    assert all(one.said for one in found if one.outcome is Outcome.FAIL)


def test_a_desk_behind_the_public_name_is_found(deployment, settings):
    settings.ONION = ONION
    deployment.site.routes["/account/login/"] = deployment.desk.behind
    deployment.site.wrong = lambda reply: None
    with closing(Site(deployment.public_url, deployment.authority)) as site:
        assert failing(public_site.examine(site, deployment.desk_url)) == {"site.desk_apart"}


def test_a_site_without_tls_or_without_an_answer_is_found(deployment, settings):
    settings.ONION = ONION
    nowhere = Site("http://127.0.0.1:9")
    assert failing(public_site.examine(nowhere, "")) == {"site.answers"}
    plain = Site("http://hotline.example")
    assert public_site._https(plain).outcome is Outcome.FAIL


def recooked(old: str, new: str) -> Callable[[Reply], None]:
    def wrong(reply: Reply) -> None:
        reply.headers = [
            (k, v.replace(old, new) if k == "set-cookie" else v) for k, v in reply.headers
        ]

    return wrong


def shown_to_strangers(reply: Reply) -> None:
    if reply.path == "/queue/":
        reply.status = 200


DESK = {
    "cookies without Secure": (recooked("; Secure", ""), "desk.cookies"),
    "cookies that scripts read": (recooked("HttpOnly; ", ""), "desk.cookies"),
    "cookies sent from elsewhere": (recooked("SameSite=Strict", "SameSite=Lax"), "desk.cookies"),
    "cookies for every host": (recooked("; Path=/", "; Path=/; Domain=x.test"), "desk.cookies"),
    "no HSTS": (without("strict-transport-security"), "desk.hsts"),
    "a script of others": (
        lambda reply: reply.put("content-security-policy", "script-src https://cdn.example"),
        "desk.csp",
    ),
    "kept pages": (put("cache-control", "public"), "desk.no_store"),
    "an open door": (shown_to_strangers, "desk.shut"),
}


@pytest.mark.parametrize("planted", DESK)
def test_what_is_wrong_in_front_of_the_desk_is_found(deployment, planted):
    deployment.desk.wrong, expected = DESK[planted]
    with closing(Site(deployment.desk_url, deployment.authority)) as site:
        assert failing(desk.examine(site)) == {expected}


# --- logs -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    ["127.0.0.1 GET {0.path} 200", "- GET {0.path}", '"{0.agent}"', "127.0.0.1 blocked a request"],
)
def test_a_proxy_that_keeps_paths_browsers_or_addresses_is_found(deployment, tmp_path, line):
    log, quiet = tmp_path / "access.log", tmp_path / "quiet.log"
    log.write_text("127.0.0.1 long ago\n")
    quiet.write_text("127.0.0.1 long ago\n")

    def keep(reply: Reply) -> None:
        with log.open("a") as file:
            file.write(line.format(reply) + "\n")

    deployment.site.wrong = keep
    with closing(Site(deployment.public_url, deployment.authority)) as site:
        found = logs.watched(site, (log, quiet, tmp_path / "missing.log"), wait=0.3)
    assert failing(found) == {f"logs.file {log}", f"logs.file {tmp_path / 'missing.log'}"}


def test_our_own_logs_without_their_filter_are_found():
    assert logs.configured(configured.LOGGING).outcome is Outcome.OK
    bare = {"handlers": {"file": {"class": "logging.FileHandler"}}}
    assert logs.configured({**configured.LOGGING, **bare}).outcome is Outcome.FAIL


# --- on the machine -----------------------------------------------------------------------------


def here(well: Asked, deployment: Deployment) -> set[str]:
    with closing(Site(deployment.public_url, deployment.authority)) as site:
        return failing(on_this_machine(well.public_env, site))


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o700])
def test_a_key_that_others_could_read_is_found(well, settings, mode):
    (settings.KEYS / "worker.key").chmod(mode)
    assert failing(files.key_modes(settings.KEYS)) == {"keys.files"}


def test_a_key_folder_that_others_could_enter_is_found(well, settings):
    settings.KEYS.chmod(0o750)
    assert failing(files.key_modes(settings.KEYS)) == {"keys.folder"}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_key_of_somebody_else_is_found(well, settings):
    os.chown(settings.KEYS / "index.key", 65534, -1)
    assert failing(files.key_modes(settings.KEYS)) == {"keys.owner"}


def test_a_key_to_search_by_that_was_replaced_elsewhere_is_found(well, deployment, settings):
    before = (settings.KEYS / "index.key").read_bytes()
    rotation.rotate_index(settings.KEYS)
    assert running.search_key().outcome is Outcome.OK
    (settings.KEYS / "index.key").write_bytes(before)
    assert "keys.index" in here(well, deployment)


@pytest.mark.parametrize(
    "line", ["VIGIE_KEYS=/keys", "VIGIE_DATABASE=sqlite:///x", "HELPER=AGE-SECRET-KEY-1XYZ"]
)
def test_a_private_thing_in_the_public_programs_settings_is_found(well, line):
    with well.public_env.open("a") as file:
        file.write(line + "\n")
    assert failing(files.public_settings(well.public_env, {})) == {"public.settings"}


def test_settings_that_others_could_read_are_found(well):
    well.public_env.chmod(0o644)
    assert failing(files.public_settings(well.public_env, {})) == {"public.settings"}


@pytest.fixture
def another_public_program() -> Iterator[str]:
    """A process that says it is the public program, with a private key in its environment."""
    url = "https://another.example"
    environ = {"VIGIE_PUBLIC_URL": url, "VIGIE_SURFACE": "public", "X": "AGE-SECRET-KEY-1XYZ"}
    child = subprocess.Popen(["sleep", "60"], env={"PATH": os.environ["PATH"], **environ})
    yield url
    child.kill()
    child.wait()


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="no /proc here")
def test_a_private_key_in_the_running_public_program_is_found(another_public_program):
    running = files.running_public(another_public_program)
    assert running is not None
    assert failing(files.public_settings(None, running)) == {"public.running"}


def test_a_public_program_that_can_read_letters_is_found(well, deployment):
    environ = read_env(well.public_env)
    assert failing(rights.examine(environ)) == set()
    if connections["front"].vendor == "postgresql":
        pytest.skip("its role is tried below")
    not_narrowed = {**environ, **_inside(), "VIGIE_SURFACE": "worker"}
    assert failing(rights.examine(not_narrowed)) == {"database.rights"}


def _inside() -> dict[str, str]:
    return {name: os.environ[name] for name in ("VIGIE_KEYS",)} | {
        "VIGIE_DATABASE": "sqlite:///",
        "VIGIE_DESK_URL": "https://desk.localhost",
    }


@pytest.mark.parametrize(
    ("grant", "revoke", "expected"),
    [
        ("SELECT ON intake_letter TO {role}", "SELECT ON intake_letter FROM {role}", "rights"),
        ("UPDATE ON intake_letter TO {role}", "UPDATE ON intake_letter FROM {role}", "rights"),
        ("DELETE ON wall_submission TO {role}", "DELETE ON wall_submission FROM {role}", "rights"),
        (
            'CONNECT ON DATABASE "{inside}" TO {role}',
            'CONNECT ON DATABASE "{inside}" FROM {role}',
            "apart",
        ),
    ],
)
def test_a_public_role_with_one_right_too_many_is_found(well, grant, revoke, expected):
    if connections["front"].vendor != "postgresql":
        pytest.skip("SQLite has no roles; its own narrowing is tried above")
    names = {"role": ROLE, "inside": connections["default"].settings_dict["NAME"]}
    with psycopg.connect(address_of("front"), autocommit=True) as owner:
        owner.execute("GRANT " + grant.format(**names))
        try:
            assert failing(rights.examine(read_env(well.public_env))) == {f"database.{expected}"}
        finally:
            owner.execute("REVOKE " + revoke.format(**names))


def test_a_database_that_logs_what_is_written_is_found(well):
    if connections["front"].vendor != "postgresql":
        pytest.skip("SQLite keeps no log")
    with connections["front"].cursor() as cursor:
        cursor.execute("SET LOCAL log_statement = 'mod'")
    assert failing(rights.examine(read_env(well.public_env))) == {"database.statements"}


def test_a_journal_that_nobody_signs_is_found(well, deployment, settings):
    long_ago = clock.now() - timedelta(hours=1)
    last = Entry.objects.order_by("-seq").first()
    assert last is not None
    Entry.objects.create(
        seq=last.seq + 1,
        at=long_ago,
        actor="tests",
        verb="policy.loaded",
        subject="policy",
        detail="{}",
        previous=last.hash,
        hash="0" * 64,
    )
    assert here(well, deployment) == {"journal.fresh"}


def test_heads_beside_the_keys_are_found(well, deployment, settings):
    moved = settings.KEYS / "heads.jsonl"
    settings.JOURNAL_HEADS.rename(moved)
    moved.chmod(0o600)
    settings.JOURNAL_HEADS = moved
    assert here(well, deployment) == {"journal.outside"}


@pytest.mark.parametrize("lane", LANES)
def test_a_worker_that_stands_still_is_found(well, deployment, lane):
    LastRound.objects.filter(lane=lane).update(at=clock.now() - timedelta(minutes=10))
    assert here(well, deployment) == {"worker.alive"}


def test_letters_that_nobody_opens_are_found(well, deployment):
    receive(NewReport(where="https://a.test/"))
    assert here(well, deployment) == set()
    Letter.objects.update(received_hour=clock.now() - timedelta(hours=4))
    assert here(well, deployment) == {"inbox"}


def test_an_index_that_is_gone_readable_or_late_is_found(well, deployment, settings, tmp_path):
    settings.HASH_INDEX.chmod(0o755)
    assert here(well, deployment) == {"hashes.index"}
    settings.HASH_INDEX.chmod(0o700)
    loaded(tmp_path, "pdq", value("pdq", 1))
    ListedHash.objects.update(last_seen=clock.now() - timedelta(hours=1))
    assert here(well, deployment) == {"hashes.index"}
    keep_up()
    assert here(well, deployment) == set()
    shutil.rmtree(settings.HASH_INDEX)
    assert here(well, deployment) == {"hashes.index"}


def test_data_that_nobody_erases_is_found(well, deployment):
    TrustedTime.objects.update(at=clock.now() - timedelta(days=4))
    assert here(well, deployment) == {"retention"}
    TrustedTime.objects.update(at=clock.now())
    assert here(well, deployment) == set()
    KeepingRule.objects.filter(kind="wishes").delete()
    assert here(well, deployment) == {"retention"}
    KeepingRule.objects.update(active=False)
    assert here(well, deployment) == {"retention"}


def test_a_clock_that_is_wrong_is_found(well, deployment):
    deployment.site.wrong = lambda reply: (
        reply.drop("date"),
        reply.put("date", "Thu, 26 Nov 2020 22:10:34 GMT"),
    )
    assert here(well, deployment) == {"clock"}


@pytest.mark.parametrize("error", [PermissionError(), OperationalError("away")])
def test_what_cannot_be_examined_has_failed_and_stops_no_other_question(error):
    def ask() -> list[Finding]:
        raise error

    (found,) = asked_safely("keys", ask)
    assert (found.name, found.outcome) == ("keys", Outcome.FAIL)


def test_the_command_says_one_line_each_and_fails_when_something_does(
    well, deployment, child_environment
):
    words = ["doctor", "--json", "--ca", deployment.authority, "--public", deployment.public_url]
    words += ["--desk", deployment.desk_url]
    done = subprocess.run(
        [sys.executable, "-m", "vigie.cli", *words],
        env={**child_environment, "VIGIE_SURFACE": "worker", "VIGIE_ONION": ONION},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    # A worker was never started on this database: the only thing wrong that has to be.
    assert "worker.alive" in {row["name"] for row in rows if row["outcome"] == "fail"}
    assert {row["outcome"] for row in rows if row["name"].startswith(("site", "desk"))} == {"ok"}
    assert done.returncode == 1, done.stderr
