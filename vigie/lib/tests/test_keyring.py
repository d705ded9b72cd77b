"""A new hotline's keys: for their owner's eyes alone, never overwritten, and they fit together."""

import os
import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key
from pysequoia import Cert, Tsk

from tests.environment import FOLDER
from vigie.lib import seal
from vigie.lib.keyring import make_keys, read_env, write

pytestmark = pytest.mark.pure
PASSPHRASE = "a passphrase of the tests"
FOR_THE_PUBLIC = {
    "VIGIE_INBOX_RECIPIENT",
    "VIGIE_OPERATORS_RECIPIENT",
    "VIGIE_RECEIPT_KEY",
    "VIGIE_SECRET_KEY",
}


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys") / "above" / "keys"
    before = os.umask(0)  # the most careless of machines
    try:
        make_keys(folder, PASSPHRASE, "Test hotline <liaison@aurore.test>")
    finally:
        os.umask(before)
    return folder


def test_nobody_but_the_owner_can_enter_or_read(keys):
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in [keys, *keys.iterdir()]}
    assert modes.pop("keys") == 0o700
    assert set(modes.values()) == {0o600}
    assert len(modes) == 8


def test_keys_are_never_overwritten(keys):
    before = {path.name: path.read_bytes() for path in keys.iterdir()}
    with pytest.raises(FileExistsError):
        make_keys(keys, PASSPHRASE, "Somebody else <x@aurore.test>")
    with pytest.raises(FileExistsError):
        write(keys / "worker.key", b"another")
    assert {path.name: path.read_bytes() for path in keys.iterdir()} == before


def test_what_the_public_program_is_given_opens_nothing(keys):
    public = read_env(keys / "public.env")
    assert set(public) == FOR_THE_PUBLIC
    assert "AGE-SECRET-KEY" not in (keys / "public.env").read_text()
    assert (keys / "index.key").read_text() not in public.values()


def test_the_inbox_opens_with_the_workers_key_and_the_words_with_the_operators(keys):
    public = read_env(keys / "public.env")
    worker = (keys / "worker.key").read_text()
    operators = seal.unlock((keys / "operators.age").read_bytes(), PASSPHRASE)
    where = seal.seal(public["VIGIE_INBOX_RECIPIENT"], "where")
    words = seal.seal(public["VIGIE_OPERATORS_RECIPIENT"], "words")
    assert (seal.unseal(worker, where), seal.unseal(operators, words)) == ("where", "words")
    with pytest.raises(seal.Unsealable):
        seal.unseal(worker, words)
    with pytest.raises(seal.Unsealable):
        seal.unseal(operators, where)


def test_the_operators_key_needs_its_passphrase(keys):
    locked = (keys / "operators.age").read_bytes()
    assert b"AGE-SECRET-KEY" not in locked
    with pytest.raises(seal.Unsealable):
        seal.unlock(locked, PASSPHRASE + "s")


def test_the_journals_two_halves_fit(keys):
    private = load_pem_private_key((keys / "journal.key").read_bytes(), None)
    public = load_pem_public_key((keys / "journal.pub").read_bytes())
    public.verify(private.sign(b"a head"), b"a head")


def test_the_hotlines_certificate_is_its_keys_and_holds_no_secret(keys):
    secret = Tsk.from_bytes((keys / "hotline.asc").read_bytes())
    text = (keys / "hotline.pub.asc").read_text()
    certificate = Cert.from_bytes(text.encode())
    assert certificate.fingerprint == secret.extract_certificate().fingerprint
    assert "PRIVATE KEY" not in text
    assert "liaison@aurore.test" in str(certificate.user_ids[0])


def test_two_hotlines_share_no_key(keys):
    another = FOLDER / "keys"  # the one of all other tests
    for path in keys.iterdir():
        assert path.read_bytes() != (another / path.name).read_bytes()
    values = read_env(another / "public.env").values()
    assert set(read_env(keys / "public.env").values()).isdisjoint(values)


def test_a_file_of_variables_is_read_line_by_line(tmp_path):
    path = tmp_path / "env"
    path.write_text("A=1\n\n# a remark\n B = two=2 \nnothing here\n")
    assert read_env(path) == {"A": "1", "B": "two=2"}
