"""Lists for the tests: small files, partners that answer over HTTP, and what is on a list."""

import hashlib
import json
import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from vigie.matching.lists.loading import Loaded, list_named, load_file
from vigie.matching.models import HashList, ListedHash
from vigie.sandbox.partners import FEEDBACK, FETCH, SUBSCRIPTION, USER, WORD, Partners
from vigie.sandbox.serving import HttpServer, Respond, run

PARTNERS = """
[ncmec]
protocol = "ncmec"
url = "{base}/partners/ncmec/npo"
owner = "NCMEC"
username = "{user}"
password = "{word}"
[stopncii]
protocol = "stopncii"
url = "{base}/partners/stopncii"
subscription_key = "{subscription}"
fetch_key = "{fetch}"
feedback_key = "{feedback}"
[arachnid]
protocol = "arachnid"
url = "{base}/partners/arachnid"
username = "{user}"
password = "{word}"
"""


def value(kind: str, number: int) -> str:
    """A made-up value of a kind."""
    length = {"md5": 32, "sha1": 40, "sha256": 64, "pdq": 64, "photodna": 288}[kind]
    return (hashlib.sha256(f"{kind} {number}".encode()).hexdigest() * 5)[:length]


def loaded(folder: Path, layout: str, text: str | bytes, name: str = "a list", **how) -> Loaded:
    """A file with this text, read into a list."""
    data = text if isinstance(text, bytes) else text.encode()
    path = folder / f"{hashlib.sha256(data).hexdigest()[:12]}.list"
    path.write_bytes(data)
    return load_file(list_named(name), path, layout, "tests", **how)


def on(name: str = "a list", **of) -> set[tuple[str, str]]:
    """Kind and value of what stands on a list."""
    rows = ListedHash.objects.filter(list__name=name, **of).exclude(state="withdrawn")
    return set(rows.values_list("kind", "value"))


def vics(media: Iterable[dict], version: str = "2.0", cases: bool = False) -> str:
    key = "@odata.context" if version == "2.0" else "odata.metadata"
    rows = list(media)
    what = "#Cases" if cases else "#Media"
    body = [{"CaseID": "1", "CaseNumber": "C", "Media": rows}] if cases else rows
    return json.dumps({key: f"http://x.test/{version}.xml/US/$metadata{what}", "value": body})


@contextmanager
def served(respond: Respond) -> Iterator[str]:
    """An HTTP server that answers as told, at this address."""
    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    sock.listen(16)
    server = HttpServer(sock, respond)
    run(server)
    try:
        yield f"http://127.0.0.1:{sock.getsockname()[1]}"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def partners_at(settings, folder: Path, respond: Respond) -> Iterator[str]:
    """Partners that answer as told, and keys in which the worker finds them."""
    with served(respond) as base:
        words = {"user": USER, "word": WORD, "subscription": SUBSCRIPTION}
        keys = folder / "keys"
        keys.mkdir(mode=0o700)
        for key in settings.KEYS.iterdir():
            if key.name != "partners.toml":
                (keys / key.name).symlink_to(key)
        path = keys / "partners.toml"
        path.touch(mode=0o600)
        path.write_text(PARTNERS.format(base=base, fetch=FETCH, feedback=FEEDBACK, **words))
        settings.KEYS = keys
        yield base


def partner_list(name: str) -> HashList:
    return HashList.objects.get(name=name)


__all__ = ["Partners"]
