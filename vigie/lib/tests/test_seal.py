"""What is sealed opens whole with its own key and with no other, and its size says little."""

import pyrage
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vigie.lib.seal import (
    SMALLEST,
    Unsealable,
    keyed_hash,
    new_identity,
    padded_length,
    recipient_of,
    seal,
    unlock,
    unseal,
)

pytestmark = pytest.mark.pure
IDENTITY, RECIPIENT = new_identity()
ANY_TEXT = st.text(st.characters(), max_size=2000)  # lone surrogates and NUL as well


@settings(deadline=None, derandomize=True)
@given(ANY_TEXT)
def test_any_text_comes_back_as_it_was(text):
    assert unseal(IDENTITY, seal(RECIPIENT, text)) == text


@pytest.mark.parametrize("text", ["\0", "\ud800", "\udfff\ud800", "\U0010ffff", "é" * 300_000])
def test_awkward_texts_come_back_as_they_were(text):
    assert unseal(IDENTITY, seal(RECIPIENT, text)) == text


def test_the_same_text_never_looks_the_same_twice():
    assert seal(RECIPIENT, "here") != seal(RECIPIENT, "here")


def test_another_key_does_not_open():
    other, _ = new_identity()
    with pytest.raises(Unsealable):
        unseal(other, seal(RECIPIENT, "here"))


@pytest.mark.parametrize("bad", [b"", b"\0", b"age-encryption.org/v1\n", b"x" * 700])
def test_what_was_never_sealed_does_not_open(bad):
    with pytest.raises(Unsealable):
        unseal(IDENTITY, bad)


def test_no_byte_can_be_changed_or_cut_off():
    sealed = seal(RECIPIENT, "here")
    for place in range(0, len(sealed), 7):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(Unsealable):
            unseal(IDENTITY, bytes(changed))
        with pytest.raises(Unsealable):
            unseal(IDENTITY, sealed[:place])


def _body(sealed: bytes) -> bytes:
    """What follows age's header. Its own length is random, by age's design."""
    mac = sealed.index(b"\n--- ") + 1
    return sealed[sealed.index(b"\n", mac) + 1 :]


def test_texts_of_any_short_length_have_one_size():
    assert len({len(_body(seal(RECIPIENT, "x" * length))) for length in range(509)}) == 1
    assert len(_body(seal(RECIPIENT, "x" * 509))) > len(_body(seal(RECIPIENT, "")))


@given(st.integers(0, 2**40))
def test_padding_never_shortens_grows_by_an_eighth_at_most_and_is_final(length):
    padded = padded_length(length)
    assert padded >= max(length, SMALLEST)
    assert padded <= max(length * 1.12, SMALLEST)
    assert padded_length(padded) == padded


@given(st.integers(0, 2**30), st.integers(0, 2**30))
def test_a_longer_text_never_looks_shorter(one, two):
    assert (one <= two) <= (padded_length(one) <= padded_length(two))


def test_few_sizes_exist():
    assert len({padded_length(length) for length in range(100_000)}) == 130


def test_a_recipient_is_known_from_its_identity_but_does_not_hold_it():
    assert recipient_of(IDENTITY) == RECIPIENT
    assert IDENTITY.startswith("AGE-SECRET-KEY-1") and RECIPIENT.startswith("age1")


def test_a_machine_that_was_busy_for_a_moment_takes_the_right_passphrase(monkeypatch):
    asked = []

    def too_slow_at_first(*given: object) -> bytes:
        asked.append(given)
        if len(asked) == 1:
            raise pyrage.DecryptError("Decryption failed")
        return b"the key"

    monkeypatch.setattr(pyrage.passphrase, "decrypt", too_slow_at_first)
    assert unlock(b"locked", "right") == "the key"


def test_what_is_no_locked_key_is_not_unlocked():
    """Locked keys themselves are in test_keyring.py: each costs a second, on purpose."""
    for bad in (b"never locked", seal(RECIPIENT, "sealed, not locked")):
        with pytest.raises(Unsealable):
            unlock(bad, "a passphrase of the tests")


def test_a_hash_depends_on_the_key_the_purpose_and_the_text():
    hashes = {
        keyed_hash(key, purpose, text)
        for key in (b"k" * 32, b"l" * 32)
        for purpose in ("domain", "letter")
        for text in ("", "a", "a\0", "\ud800")
    }
    assert len(hashes) == 16
    assert {len(hashed) for hashed in hashes} == {32}
    assert keyed_hash(b"k" * 32, "domain", "a") in hashes
