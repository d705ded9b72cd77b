"""Keys of the demonstration are known by themselves, wherever they were copied to."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key
from django.core.exceptions import ImproperlyConfigured

from config.environment import Environment
from config.startup import refuse_loose_keys
from tests.environment import FOLDER
from vigie.demo import environment
from vigie.lib.keyring import read_env, write
from vigie.lib.keys import Keys
from vigie.lib.seal import seal

pytestmark = [pytest.mark.pure, pytest.mark.rest]


@pytest.fixture(scope="module")
def demonstration_keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(environment, "FOLDER", tmp_path_factory.mktemp("demo"))
        environment.make_folder()
        return environment.FOLDER / "keys"


MARKED = ["worker.key", "index.key", "journal.key", "journal.pub", "hotline.asc", "hotline.pub.asc"]


@pytest.mark.parametrize("name", [*MARKED, "police-be.asc", "public.env"])
def test_a_demonstration_key_is_known_where_it_was_copied_alone(
    tmp_path, settings, demonstration_keys, name
):
    keys = tmp_path / "keys"
    keys.mkdir(mode=0o700)
    write(keys / name, (demonstration_keys / name).read_bytes())
    refuse_loose_keys(keys)
    settings.PRODUCTION = True
    with pytest.raises(ImproperlyConfigured, match="demonstration keys"):
        refuse_loose_keys(keys)


def test_marked_keys_work_in_the_demonstration_and_others_have_no_mark(demonstration_keys):
    marked, environ = Keys(demonstration_keys), read_env(demonstration_keys / "public.env")
    assert all(value.endswith("+demonstration") for value in environ.values())
    demo = Environment({**environ, "VIGIE_MODE": "demo", "VIGIE_SURFACE": "public"})
    sealed = seal(demo.text("VIGIE_INBOX_RECIPIENT"), "there")
    assert marked.opened(sealed) == "there"
    assert len(marked.hashed("domain", "a.test")) == len(demo.secret_bytes("VIGIE_RECEIPT_KEY"))
    load_pem_private_key((demonstration_keys / "journal.key").read_bytes(), None)
    load_pem_public_key((demonstration_keys / "journal.pub").read_bytes())
    ours = FOLDER / "keys"
    assert not [path for path in ours.iterdir() if b"demonstration" in path.read_bytes()]
