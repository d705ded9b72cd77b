"""Encrypted and signed mail: OpenPGP/MIME (RFC 3156), by Sequoia."""

from email.message import EmailMessage
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.policy import SMTP
from pathlib import Path

from pysequoia import Cert, Tsk, encrypt


class NoKey(Exception):
    """A key named by the policy is not in the key directory, or cannot be used."""


def certificate(path: Path) -> Cert:
    """The certificate in a file. Raises `NoKey`."""
    try:
        return Cert.from_bytes(path.read_bytes())
    except OSError as error:
        raise NoKey(f"{path.name}: {error.strerror}") from None
    except RuntimeError:
        raise NoKey(f"{path.name}: not an OpenPGP certificate") from None


def encrypted_part(content: EmailMessage, recipient: Path, signer: Path) -> MIMEMultipart:
    """``content`` signed by the hotline and encrypted to the recipient's certificate."""
    try:
        key = Tsk.from_bytes(signer.read_bytes())
        sealed = encrypt(
            content.as_bytes(policy=SMTP),
            recipients=[certificate(recipient)],
            signer=key.signer(),
        )
    except (OSError, RuntimeError) as error:
        raise NoKey(type(error).__name__) from None
    outer = MIMEMultipart("encrypted", protocol="application/pgp-encrypted", policy=SMTP)
    version = MIMEApplication(b"Version: 1\r\n", "pgp-encrypted", lambda part: None)
    version.set_payload("Version: 1\r\n")
    body = MIMEApplication(b"", "octet-stream", lambda part: None, name="encrypted.asc")
    body.set_payload(sealed.decode("ascii"))
    body.add_header("Content-Disposition", "inline", filename="encrypted.asc")
    outer.attach(version)
    outer.attach(body)
    return outer
