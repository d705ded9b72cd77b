import hashlib
import re

import pytest

from vigie.sandbox.running import Sandbox
from vigie.sandbox.tests.support import ask
from vigie.sandbox.world import PROVIDERS

NORD = "galerie.nord.test"


@pytest.fixture
def sandbox(quiet: Sandbox) -> Sandbox:
    return quiet


def pictures_of(sandbox: Sandbox, token: str) -> list[str]:
    page = ask(sandbox, "nord", f"/a/{token}", host=NORD)
    assert page.status == 200
    return re.findall(r'src="([^"]+)"', page.text)


def digest(sandbox: Sandbox, path: str) -> str:
    return hashlib.sha256(ask(sandbox, "nord", path, host=NORD).body).hexdigest()


def test_any_token_is_a_page_with_three_pictures_of_three_formats(sandbox: Sandbox) -> None:
    paths = pictures_of(sandbox, "fresh-token_1")
    types = [ask(sandbox, "nord", path, host=NORD).headers["Content-Type"] for path in paths]
    assert types == ["image/jpeg", "image/png", "image/webp"]
    assert len({digest(sandbox, path) for path in paths}) == 3


@pytest.mark.parametrize("kind", ["known", "resaved", "cropped", "sheet", "listed"])
def test_such_pages_share_one_picture_and_only_one(sandbox: Sandbox, kind: str) -> None:
    first, second = pictures_of(sandbox, f"{kind}-a"), pictures_of(sandbox, f"{kind}-b")
    same = [digest(sandbox, a) == digest(sandbox, b) for a, b in zip(first, second, strict=True)]
    assert same == [True, False, False]


@pytest.mark.parametrize("kind", ["first", "same", "resaved", "cropped", "sheet"])
def test_the_pages_of_a_family_show_one_picture_and_nothing_else(
    sandbox: Sandbox, kind: str
) -> None:
    (one,) = pictures_of(sandbox, f"{kind}-of-f7-1")
    (other,) = pictures_of(sandbox, f"{kind}-of-f7-2")
    (foreign,) = pictures_of(sandbox, f"{kind}-of-f8-1")
    assert digest(sandbox, one) == digest(sandbox, other) != digest(sandbox, foreign)
    (first,) = pictures_of(sandbox, "first-of-f7-9")
    assert (digest(sandbox, one) == digest(sandbox, first)) == (kind in ("first", "same"))


def test_two_tokens_share_nothing(sandbox: Sandbox) -> None:
    first, second = pictures_of(sandbox, "one"), pictures_of(sandbox, "two")
    assert not {digest(sandbox, p) for p in first} & {digest(sandbox, p) for p in second}


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.key)
def test_every_provider_serves_its_own_sites_only(sandbox: Sandbox, provider: object) -> None:
    key, site = provider.key, provider.sites[0].name  # type: ignore[attr-defined]
    assert ask(sandbox, key, "/", host=site).status == 200
    assert ask(sandbox, key, "/", host=f"{site}:80").status == 200
    assert ask(sandbox, key, "/", host="elsewhere.test").status == 404


def test_one_provider_speaks_https_with_its_own_certificate(sandbox: Sandbox) -> None:
    host = "beeld.polder.test"
    plain = ask(sandbox, "polder", "/a/x", host=host)
    assert ask(sandbox, "polder-https", "/a/x", host=host).body == plain.body


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/login", 401),
        ("/error", 503),
        ("/loop", 302),
        ("/private", 302),
        ("/moved/x", 302),
        ("/a/", 404),
        ("/a/%2e%2e", 404),
        ("/i/x-0.jpg", 404),
        ("/i/x-1.gif", 404),
        ("/nothing", 404),
    ],
)
def test_other_pages_answer_as_hosts_do(sandbox: Sandbox, path: str, status: int) -> None:
    assert ask(sandbox, "nord", path, host=NORD).status == status


def test_a_head_request_has_no_body(sandbox: Sandbox) -> None:
    reply = ask(sandbox, "nord", "/i/x-1.jpg", host=NORD, method="HEAD")
    assert reply.body == b""
    assert int(reply.headers["Content-Length"]) > 1000


def test_nothing_can_be_posted_to_a_host(sandbox: Sandbox) -> None:
    assert ask(sandbox, "nord", "/a/x", host=NORD, method="POST", form="a=b").status == 405
