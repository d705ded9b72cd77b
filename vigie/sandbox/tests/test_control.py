"""The control pages as a browser without JavaScript would use them."""

import re
from html import unescape
from urllib.parse import urlencode

import pytest

from vigie.sandbox.client import SandboxClient, SandboxRefused
from vigie.sandbox.framing import RealReport
from vigie.sandbox.running import Sandbox
from vigie.sandbox.tests.support import Keys, ask, notice, pack, referral, send

NORD = "galerie.nord.test"
URL = f"http://{NORD}/a/x1"
PAGES = ["/", "/mail/", "/mail/000001/", "/mail/000002/", "/police/", "/hosts/", "/nowhere"]
EVIL = "<script>alert(1)</script>"


@pytest.fixture
def busy(sandbox: Sandbox, keys: Keys) -> Sandbox:
    """A sandbox that has seen a notice, with an unpleasant subject, and a referral."""
    letter = notice("abuse@nord.test", f"{EVIL}\n{URL}\n")
    letter.replace_header("Subject", EVIL)
    send(sandbox, letter)
    recipient = keys.police.extract_certificate()
    send(sandbox, referral(pack(URL), recipient, keys.hotline.signer()))
    return sandbox


@pytest.mark.parametrize("path", PAGES)
def test_pages_say_what_they_are_and_run_nothing(busy: Sandbox, path: str) -> None:
    reply = ask(busy, "web", path)
    assert reply.status == (404 if path == "/nowhere" else 200)
    assert '<html lang="en">' in reply.text
    assert "nothing here is real" in reply.text
    assert len(re.findall("<h1>", reply.text)) == 1
    assert "<script" not in reply.text
    assert not re.search(r"<style|\sstyle=|\son\w+=", reply.text)
    assert "default-src 'none'" in reply.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/", "/mail/", "/police/", "/hosts/", "/nowhere"])
def test_pages_say_that_nothing_is_real_and_where_to_report_for_real(start, path: str) -> None:
    real = RealReport("Where to report & be heard", "https://hotline.test/?a=1&b=2")
    text = ask(start(real_report=real), "web", path).text
    assert "Demonstration: nothing here is real." in text and "goes nowhere" in text
    link = re.search(r'<a href="([^"]+)" rel="noreferrer noopener">([^<]+)</a>', text)
    assert link and [unescape(word) for word in link.groups()] == [real.url, real.label]


@pytest.mark.parametrize("path", PAGES)
def test_reported_addresses_are_never_links(busy: Sandbox, path: str) -> None:
    targets = re.findall(r'(?:href|src)="([^"]+)"', ask(busy, "web", path).text)
    assert targets
    assert all(target.startswith(("/", "#")) for target in targets)


def test_what_the_pages_need_is_served_by_the_sandbox(sandbox: Sandbox) -> None:
    for name, kind in (("sandbox.css", "text/css"), ("icon.svg", "image/svg+xml")):
        reply = ask(sandbox, "web", f"/static/{name}")
        assert reply.headers["Content-Type"].startswith(kind)
        assert b"http" not in reply.body.replace(b"http://www.w3.org/2000/svg", b"")
    assert ask(sandbox, "web", "/static/web.py").status == 404


def test_an_encrypted_mail_is_shown_as_ciphertext(busy: Sandbox) -> None:
    sealed = next(m for m in SandboxClient(web(busy)).mail() if m["encrypted"])
    page = ask(busy, "web", f"/mail/{sealed['id']}/").text
    assert "BEGIN PGP MESSAGE" in page
    assert URL not in page


def test_the_police_press_their_buttons(busy: Sandbox) -> None:
    for act in ("acknowledge", "authorise", "contact"):
        page = ask(busy, "web", "/police/").text
        action = f"/police/R-1/I-1/{act}"
        assert f'action="{action}"' in page
        reply = ask(busy, "web", action, method="POST", form="")
        assert (reply.status, reply.headers["Location"]) == (303, "/police/")
    assert "<button" not in ask(busy, "web", "/police/").text


def test_a_refused_button_says_why(busy: Sandbox) -> None:
    reply = ask(busy, "web", "/police/R-1/I-1/contact", method="POST", form="")
    assert reply.status == 409
    assert 'role="alert"' in reply.text


def test_removed_content_can_be_put_back(busy: Sandbox) -> None:
    assert ask(busy, "nord", "/a/x1", host=NORD).status == 410
    assert URL in ask(busy, "web", "/hosts/").text
    form = urlencode({"url": URL})
    assert ask(busy, "web", "/hosts/restore", method="POST", form=form).status == 303
    assert ask(busy, "nord", "/a/x1", host=NORD).status == 200
    assert URL not in ask(busy, "web", "/hosts/").text


def test_the_client_does_what_a_walk_needs(busy: Sandbox) -> None:
    client = SandboxClient(web(busy))
    assert [m["to"] for m in client.mail("police@police-be.test")] == [["police@police-be.test"]]
    assert client.packs()[0]["items"][0]["state"]["authorised"] == ""
    assert client.police("R-1", "I-1", "authorise")["authorisation"] == "PV-2026-00001"
    state = client.host_state(URL)
    assert (state["provider"], state["removed"]) == ("nord", True)
    assert client.restore(URL) is True
    assert client.restore(URL) is False
    assert client.host_state(URL)["removed"] is False
    with pytest.raises(SandboxRefused, match="not an address of the sandbox"):
        client.host_state("http://example.org/")
    with pytest.raises(SandboxRefused, match="no such pack"):
        client.police("R-9", "I-1", "authorise")


def web(sandbox: Sandbox) -> str:
    host, port = sandbox.ports["web"].address
    return f"http://{host}:{port}/"
