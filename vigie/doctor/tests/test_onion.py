"""The public site as an onion service: what its pages say there, and the files in ``deploy/``."""

import http.client
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.environment import Environment
from tests.environment import ROOT
from tests.nginx import NGINX, in_front
from vigie.doctor import headers
from vigie.doctor import site as public_site
from vigie.doctor.asking import Site
from vigie.doctor.finding import Outcome
from vigie.doctor.tests.deployment import ONION, Deployment
from vigie.lib.onion import is_onion

DEPLOY = ROOT / "deploy"
TOR = shutil.which("tor") or shutil.which("tor", path="/usr/sbin:/usr/bin")


@pytest.mark.pure
def test_an_onion_address_is_known_by_its_checksum():
    assert is_onion(ONION)
    assert is_onion("duckduckgogg42xjoc72x3sjasowoarfbgcmvfimaftt6twagswzczad.onion")
    wrong = [ONION[:9] + letter + ONION[10:] for letter in "abcdefghij234567" if letter != ONION[9]]
    others = [ONION.upper(), ONION[1:], f"www.{ONION}", f"{ONION}:80", "facebookcorewwwi.onion"]
    assert [name for name in (*wrong, *others, "", "1" * 56 + ".onion") if is_onion(name)] == []


@pytest.mark.pure
def test_a_slip_in_the_address_stops_the_program_at_its_start():
    given = {"VIGIE_MODE": "test", "VIGIE_SURFACE": "public"}
    assert Environment(given).onion("VIGIE_ONION") == ""
    assert Environment({**given, "VIGIE_ONION": ONION.upper()}).onion("VIGIE_ONION") == ONION
    with pytest.raises(ImproperlyConfigured, match="VIGIE_ONION"):
        Environment({**given, "VIGIE_ONION": f"http://{ONION}"}).onion("VIGIE_ONION")
    with pytest.raises(ImproperlyConfigured, match="VIGIE_ONION"):
        Environment({**given, "VIGIE_ONION": "a" + ONION[1:]}).onion("VIGIE_ONION")


@pytest.fixture
def by_onion(deployment: Deployment) -> Iterator[Site]:
    """The public program as Tor reaches it: by the onion's name, without TLS."""
    with closing(Site(f"http://127.0.0.1:{deployment.site.behind}")) as site:
        yield site


@pytest.mark.rest
@pytest.mark.django_db(databases="__all__")
def test_by_its_onion_name_the_site_works_without_tls_and_points_nowhere_else(by_onion):
    for path in ("/en/", "/en/report/", "/en/nothing-here/"):
        page = by_onion.ask(path, Host=ONION)
        assert page.status == (404 if "nothing" in path else 200)
        assert not page.all_of("Strict-Transport-Security")
        assert not page.all_of("Onion-Location") and not page.all_of("Set-Cookie")
        assert "localhost" not in page.body, "an absolute link would leave Tor"
    assert by_onion.ask("/", Host=ONION).one("Location") == "/en/"
    # The form answers as on the web: it asks for the place, and for no cookie and no origin.
    refused = by_onion.ask("/en/report/", "POST", "where=", Host=ONION, Origin=f"http://{ONION}")
    assert refused.status == 422
    other = by_onion.ask("/en/", Host="somebody-else.onion")
    assert other.status == 400
    assert not [*headers.no_store(other), *headers.csp(other), *headers.frames(other)]


@pytest.mark.rest
@pytest.mark.django_db(databases="__all__")
def test_on_the_web_each_page_names_its_onion_twin_and_other_files_none(by_onion):
    page = by_onion.ask("/en/report/?a=b", Host="localhost")
    assert page.all_of("Onion-Location") == [f"http://{ONION}/en/report/?a=b"]
    assert not by_onion.ask("/robots.txt", Host="localhost").all_of("Onion-Location")


# --- the files in deploy/ -------------------------------------------------------------------------


@pytest.mark.pure
def test_the_tor_configuration_says_what_it_must_and_nothing_that_betrays():
    text = (DEPLOY / "torrc").read_text()
    lines = [line.split(" ", 1) for line in text.splitlines() if line and line[0] != "#"]
    said = {name: value for name, value in lines}
    assert len(said) == len(lines), "something is said twice"
    wanted = {
        "SocksPort": "0",
        "ORPort": "0",
        "HiddenServiceVersion": "3",
        "HiddenServicePoWDefensesEnabled": "1",
        "HiddenServicePort": "80 127.0.0.1:8480",
        "Log": "err stderr",
    }
    assert wanted.items() <= said.items()
    assert int(said["HiddenServicePoWQueueRate"]) < int(said["HiddenServicePoWQueueBurst"])
    betraying = re.compile("SingleHop|NonAnonymous|ExportCircuitID")
    assert [name for name in said if betraying.search(name)] == []


@pytest.mark.rest
@pytest.mark.pure
@pytest.mark.skipif(TOR is None, reason="tor is not here: its configuration was only read")
def test_tor_itself_accepts_its_configuration(tmp_path):
    text = (DEPLOY / "torrc").read_text().replace("/var/lib/tor", str(tmp_path))
    (tmp_path / "torrc").write_text(text)
    words = ["--verify-config", "-f", str(tmp_path / "torrc"), "--DataDirectory", str(tmp_path)]
    done = subprocess.run([TOR, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    warnings = [line for line in done.stdout.splitlines() if "[warn]" in line]
    assert [line for line in warnings if "running Tor as root" not in line] == []
    spoilt = text.replace("PoWQueueRate 50", "PoWQueueRate many")
    (tmp_path / "torrc").write_text(spoilt)
    done = subprocess.run([TOR, *words], capture_output=True, text=True, check=False)
    assert done.returncode != 0, "tor would accept anything"


@pytest.mark.rest
@pytest.mark.pure
@pytest.mark.skipif(TOR is None, reason="tor is not here: its configuration was only read")
def test_tor_starts_with_it_and_makes_an_address_that_we_accept(tmp_path):
    """Without a network: nothing leaves the machine."""
    text = (DEPLOY / "torrc").read_text().replace("/var/lib/tor", str(tmp_path))
    (tmp_path / "torrc").write_text(text)
    words = ["-f", str(tmp_path / "torrc"), "--DataDirectory", str(tmp_path), "--quiet"]
    child = subprocess.Popen([TOR, *words, "--DisableNetwork", "1"])
    name = tmp_path / "vigie" / "hostname"
    try:
        end = time.monotonic() + 20
        while not name.exists() and child.poll() is None and time.monotonic() < end:
            time.sleep(0.05)
        assert is_onion(name.read_text().strip())
        assert name.parent.stat().st_mode & 0o777 == 0o700
    finally:
        child.terminate()
        child.wait(20)


@pytest.fixture
def nginx(deployment: Deployment, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """``deploy/nginx.conf`` as nginx runs it: (site, onion)."""
    ports = deployment.site.behind, deployment.desk.behind
    with in_front(*ports, deployment.folder, tmp_path) as (site, onion):
        _until_it_answers(onion)
        yield f"https://localhost:{site}", f"http://127.0.0.1:{onion}"


def _until_it_answers(port: int) -> None:
    for _ in range(100):
        with closing(Site(f"http://127.0.0.1:{port}")) as site:
            try:
                site.ask("/healthz", Host=ONION)
                return
            except (OSError, http.client.HTTPException):
                time.sleep(0.05)
    raise AssertionError("nginx does not answer")


@pytest.mark.rest
@pytest.mark.django_db(databases="__all__")
@pytest.mark.skipif(NGINX is None, reason="nginx is not here: its configuration was not tried")
def test_the_doctor_is_content_with_nginx_as_we_describe_it(nginx, deployment, settings):
    settings.ONION = ONION
    web, onion = nginx
    with closing(Site(web, deployment.authority)) as site:
        found = public_site.examine(site, deployment.desk_url)
    assert [str(one) for one in found if one.outcome is not Outcome.OK] == []
    with closing(Site(onion)) as site:
        page = site.ask("/en/report/", Host=ONION)
    assert page.status == 200 and not page.all_of("Strict-Transport-Security")
