"""Keys and settings on this machine: who can read them, and who must not have them."""

import os
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path

from vigie.doctor.finding import Finding, judged, skipped
from vigie.lib.keyring import read_env

FORBIDDEN = ("VIGIE_DATABASE", "VIGIE_KEYS")
SECRET = ("AGE-SECRET-KEY-", "PRIVATE KEY")
PROCESSES = Path("/proc")


def key_modes(folder: Path) -> list[Finding]:
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    owner = folder.stat().st_uid if folder.is_dir() else None
    loose = [] if folder.is_dir() and _mode(folder) == 0o700 else [f"{folder} is not 0700"]
    return [
        judged("keys.folder", loose, f"Run: chmod 700 {folder}"),
        judged(
            "keys.files",
            [f"{file} is not 0600" for file in files if _mode(file) & 0o177],
            f"Run: chmod 600 {folder}/*",
        ),
        judged(
            "keys.owner",
            [f"{file} belongs to somebody else" for file in files if file.stat().st_uid != owner]
            + ([] if os.geteuid() in (0, owner) else [f"{folder} is not this user's"]),
            "Give the folder and its files to the program's own user (chown).",
        ),
    ]


def public_settings(file: Path | None, running: Mapping[str, str] | None) -> list[Finding]:
    """The public program's environment, as it is written and as it runs."""
    found = []
    if file is None:
        found.append(skipped("public.settings", "no --public-env FILE was given"))
    else:
        advice = f"Take it out of {file}; chmod 600 {file}"
        found.append(judged("public.settings", _faults_of(file), advice))
    if running is None:
        said = "the running public program was not found here, or is not ours to look at"
        found.append(skipped("public.running", said))
    else:
        advice = "Stop it, clean its environment, and think of these keys as known."
        found.append(judged("public.running", _secrets(running), advice))
    return found


def _faults_of(file: Path) -> Iterable[str]:
    if not file.is_file():
        yield f"{file} is not there"
        return
    if _mode(file) & 0o177:
        yield f"{file} is not 0600"
    yield from _secrets(read_env(file))


def _secrets(environ: Mapping[str, str]) -> Iterable[str]:
    for name, value in environ.items():
        if name in FORBIDDEN:
            yield f"{name} is set for the public program"
        elif any(word in value for word in SECRET):
            yield f"{name} holds a private key"


def running_public(public_url: str) -> dict[str, str] | None:
    """The environment of the public program at this address, where the kernel lets us see it."""
    for folder in PROCESSES.glob("[0-9]*"):
        try:
            pairs = (folder / "environ").read_text("utf-8", "replace").split("\0")
        except OSError:
            continue  # somebody else's, or gone
        environ = dict(pair.split("=", 1) for pair in pairs if "=" in pair)
        same = environ.get("VIGIE_PUBLIC_URL") == public_url
        if same and environ.get("VIGIE_SURFACE") == "public":
            return environ
    return None


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)
