"""The police's side of OpenPGP: open a message and say whose signature it carries.

pysequoia refuses a whole message when it is given certificates and finds no valid signature, so
an unsigned or foreign one is opened a second time without them, and shown as not verified.
"""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Self

from pysequoia import Cert, Tsk, decrypt


class Signature(StrEnum):
    VERIFIED = "verified"
    NOT_VERIFIED = "not verified"
    NOT_CHECKED = "not checked"


class CannotOpen(Exception):
    """A message or key that cannot be used; the text is one short line."""


@dataclass(frozen=True)
class Opened:
    content: bytes
    signature: Signature


class Keyring:
    """The police's secret key, and the hotline's certificate to check signatures with."""

    def __init__(self, secret: bytes, hotline: bytes | None) -> None:
        try:
            self._key = Tsk.from_bytes(secret)
            self._key.decryptor()  # a public certificate parses too, and fails only here
            self._hotline = Cert.from_bytes(hotline) if hotline else None
        except RuntimeError as error:
            raise CannotOpen(_first_line(error)) from error

    @classmethod
    def from_files(cls, secret: Path, hotline: Path | None) -> Self:
        try:
            return cls(secret.read_bytes(), hotline.read_bytes() if hotline else None)
        except OSError as error:
            raise CannotOpen(f"{error.filename}: {error.strerror}") from error

    def open(self, message: bytes) -> Opened:
        """Decrypt, and verify if the hotline's certificate is known; raises CannotOpen."""
        if self._hotline is None:
            return Opened(self._decrypt(message), Signature.NOT_CHECKED)
        try:
            return self._open_verified(message, self._hotline)
        except CannotOpen:
            return Opened(self._decrypt(message), Signature.NOT_VERIFIED)

    def _open_verified(self, message: bytes, hotline: Cert) -> Opened:
        try:
            result = decrypt(message, decryptor=self._key.decryptor(), store=lambda _: [hotline])
        except RuntimeError as error:
            raise CannotOpen(_first_line(error)) from error
        signers = {signature.certificate for signature in result.valid_sigs}
        verified = hotline.fingerprint in signers
        return Opened(
            result.bytes or b"", Signature.VERIFIED if verified else Signature.NOT_VERIFIED
        )

    def _decrypt(self, message: bytes) -> bytes:
        try:
            return decrypt(message, decryptor=self._key.decryptor()).bytes or b""
        except RuntimeError as error:
            raise CannotOpen(_first_line(error)) from error


def _first_line(error: RuntimeError) -> str:
    """The library appends a backtrace to its messages; people need only what went wrong."""
    return (str(error).splitlines() or ["unknown error"])[0]
