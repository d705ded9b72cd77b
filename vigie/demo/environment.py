"""The demonstration's folder, ports and settings: each program gets what it needs, no more."""

import os
import secrets
import shutil
from pathlib import Path

from vigie.lib.keyring import make_keys, make_openpgp, read_env, write

ROOT = Path(__file__).resolve().parent.parent.parent
ORGANISATION = ROOT / "config/organisation.demo.toml"
FOLDER = Path(os.environ.get("VIGIE_DEMO_FOLDER", ROOT / "var/demo"))
PORT = int(os.environ.get("VIGIE_DEMO_PORT", "8400"))
PUBLIC, DESK, MATCH, SANDBOX = PORT, PORT + 1, PORT + 2, PORT + 10
# Mail to this address is delivered into the hotline's Maildir.
REPORTS = "reports@aurore.test"
MAILDIR = FOLDER / "reports-by-mail"
SEALS_TO = ("VIGIE_INBOX_RECIPIENT", "VIGIE_OPERATORS_RECIPIENT")
PASSPHRASE = "aurore-demonstration"
PUBLIC_URL = f"http://localhost:{PUBLIC}"
DESK_URL = f"http://desk.localhost:{DESK}"
MATCH_URL = f"http://127.0.0.1:{MATCH}"
SANDBOX_URL = f"http://127.0.0.1:{SANDBOX}"
SANDBOX_PORTS = 11
WORD = "demonstration"  # in each key: production refuses it
PROVIDER_KEY = FOLDER / "provider.key"  # of the provider that may ask what is known
MARK = ".made-by-vigie-demo"  # the first file in the folder: what holds it may be deleted

DATABASE = f"sqlite:///{FOLDER / 'vigie.sqlite3'}"
OF_MATCH = {
    "VIGIE_HOSTS": "127.0.0.1,localhost",
    "VIGIE_DATABASE": DATABASE,
    "VIGIE_HASH_INDEX": str(FOLDER / "hash-index-match"),
}
# A week is ten seconds here, and the watch looks every three.
FAST = {
    "VIGIE_GRID_SECONDS": "10",
    "VIGIE_WATCH_SECONDS": "3",
    "VIGIE_REMOVED_WATCH_SECONDS": "20",
    "VIGIE_UNDO_SECONDS": "5",
    "VIGIE_LEASE_SECONDS": "20",
    "VIGIE_RETRY_SECONDS": "2",
    "VIGIE_REOPEN_SECONDS": "10",
    "VIGIE_HEADS_SECONDS": "5",
    "VIGIE_FIGURES_MINIMUM": "1",
}


# Whose hash lists the worker fetches: the sandbox plays all three.
PARTNERS = """# Partners of the demonstration.
[NCMEC]
protocol = "ncmec"
url = "{base}/partners/ncmec/npo"
owner = "played by the sandbox"
username = "hotline"
password = "sandbox-demonstration"
[StopNCII]
protocol = "stopncii"
url = "{base}/partners/stopncii"
owner = "played by the sandbox"
subscription_key = "subscription"
fetch_key = "fetch"
feedback_key = "feedback"
[arachnid]
protocol = "arachnid"
url = "{base}/partners/arachnid"
username = "hotline"
password = "sandbox-demonstration"
"""


class NotOurs(Exception):
    """A folder with something in it that no demonstration has made: nothing of it is touched."""


def take_folder(*, anew: bool) -> None:
    """The demonstration's folder; emptied if ``anew``. Raises `NotOurs` or `OSError`."""
    if FOLDER.exists() and any(FOLDER.iterdir()):
        if not any((FOLDER / mark).exists() for mark in (MARK, "keys/demonstration")):
            raise NotOurs("this is not a demonstration's folder; choose an empty or a new one")
        if anew:
            shutil.rmtree(FOLDER)
    FOLDER.mkdir(mode=0o700, parents=True, exist_ok=True)
    (FOLDER / MARK).touch()


def make_folder() -> None:
    """Keys and settings of a new demonstration; nothing happens where they exist already."""
    keys = FOLDER / "keys"
    if not (FOLDER / "match.env").exists():
        _write_secret_key("match")
    if (keys / "demonstration").exists():
        return
    user_id = f"Aurora hotline ({WORD}) <liaison@aurore.test>"
    make_keys(keys, PASSPHRASE, user_id, mark=WORD)
    for name in ("police-be", "partner-lu"):
        make_openpgp(FOLDER / f"{name}.secret.asc", keys / f"{name}.asc", f"{name} ({WORD})")
    write(keys / "partners.toml", PARTNERS.format(base=SANDBOX_URL).encode())
    _write_secret_key("desk")
    # The desk opens; it neither signs the journal nor what goes to the police.
    desk = FOLDER / "keys-desk"
    desk.mkdir(mode=0o700)
    for name in ("worker.key", "index.key", "operators.age"):
        write(desk / name, (keys / name).read_bytes())
    # Written last, and what production refuses to start with.
    for folder in (desk, keys):
        write(folder / "demonstration", b"These keys were made for the demonstration.\n")


def _write_secret_key(surface: str) -> None:
    key = f"VIGIE_SECRET_KEY={secrets.token_urlsafe(48)}+{WORD}\n"
    write(FOLDER / f"{surface}.env", key.encode())


def load_environment(surface: str) -> dict[str, str]:
    """The settings of one program (``public``, ``desk``, ``worker`` or ``match``)."""
    keys = FOLDER / "keys"
    if not (keys / "demonstration").exists():
        raise SystemExit("vigie: there is no demonstration here yet. Start it with: make run")
    environment = {
        **FAST,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "VIGIE_MODE": "demo",
        "VIGIE_SURFACE": surface,
        "VIGIE_ORGANISATION": str(ORGANISATION),
        "VIGIE_PUBLIC_URL": PUBLIC_URL,
    }
    if surface == "match":
        return {**environment, **read_env(FOLDER / "match.env"), **OF_MATCH}
    environment["VIGIE_FRONT_DATABASE"] = f"sqlite:///{FOLDER / 'front.sqlite3'}"
    if surface == "public":
        return {
            **environment,
            **read_env(keys / "public.env"),
            "VIGIE_HOSTS": "localhost,127.0.0.1",
        }
    sandbox = FOLDER / "sandbox"
    recipients = read_env(keys / "public.env")
    worker = {
        "VIGIE_MAIL_INBOX": str(MAILDIR),
        **{name: recipients[name] for name in SEALS_TO},
    }
    return {
        **(worker if surface == "worker" else {}),
        **environment,
        **read_env(FOLDER / "desk.env"),
        "VIGIE_HOSTS": "desk.localhost",
        "VIGIE_DESK_URL": DESK_URL,
        "VIGIE_KEYS": str(FOLDER / "keys-desk" if surface == "desk" else keys),
        "VIGIE_DATABASE": DATABASE,
        "VIGIE_JOURNAL_HEADS": str(FOLDER / "heads/journal-heads.jsonl"),
        "VIGIE_HASH_INDEX": str(FOLDER / f"hash-index-{surface}"),
        "VIGIE_SANDBOX": "yes",
        "VIGIE_SANDBOX_MAP": str(sandbox / "map.json"),
        "VIGIE_NAMESERVERS": f"127.0.0.1:{SANDBOX + 2}",
        "VIGIE_RDAP_BOOTSTRAP": str(sandbox),
        "VIGIE_COUNTRY_DATABASE": str(sandbox / "countries.mmdb"),
        "VIGIE_SMTP": f"smtp://127.0.0.1:{SANDBOX + 1}",
    }
