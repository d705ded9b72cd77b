"""What a browser has to fetch before the front page is whole, but for its pictures."""

import re

import pytest
from django.core.management import call_command

pytestmark = pytest.mark.django_db(databases="__all__")
MOST = 100_000  # bytes
STATIC = re.compile(r'(?:href|src)="(/static/[^"]+\.(?:css|woff2|js))"')
FACE = re.compile(r'url\("?\.\./(fonts/[^")]+)"?\)[^}]*?(?:unicode-range: ([^;}]+))?;?\s*\}')
WRITTEN = "U+20-2F"  # the note's letters, which the front page has as a drawing


@pytest.fixture
def as_deployed(settings, tmp_path):
    """Style sheets and fonts as `vigie collectstatic` lays them down for production."""
    settings.STATIC_ROOT = str(tmp_path)
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = False
    storage = "whitenoise.storage.CompressedManifestStaticFilesStorage"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": storage}}
    call_command("collectstatic", "--noinput", "-v0")


def test_the_front_page_weighs_less_than_a_hundred_kilobytes(as_deployed, public_client):
    def fetched(path: str):
        answer = public_client.get(path, headers={"accept-encoding": "gzip, deflate, br"})
        assert answer.status_code == 200, path
        return answer, answer.getvalue()

    page = fetched("/fr/")[1]
    weight, fonts = len(page), set()
    for path in sorted(set(STATIC.findall(page.decode()))):
        answer, data = fetched(path)
        weight += len(data) if not path.endswith(".woff2") else 0
        if path.endswith(".css"):
            assert answer["Content-Encoding"] == "gzip"
            text = public_client.get(path).getvalue().decode()
            fonts |= {name for name, letters in FACE.findall(text) if WRITTEN not in letters}
    weight += sum(len(fetched(f"/static/{name}")[1]) for name in fonts)
    assert len(fonts) == 3
    assert weight < MOST, weight


def test_a_page_is_never_compressed_beside_its_secrets(public_client):
    """The length of a compressed page would tell of what stands in it (BREACH)."""
    for path in ("/fr/", "/en/report/", "/en/receipt/"):
        answer = public_client.get(path, headers={"accept-encoding": "gzip, deflate, br"})
        assert "Content-Encoding" not in answer
