"""Registry answers as a careless or hostile server gives them, for readers to survive."""

import json
from collections.abc import Callable, Iterator
from typing import Final

from vigie.sandbox.serving import Answer

RDAP: Final = "application/rdap+json"
_HUGE: Final = 32_000_000  # bytes
_DEEP: Final = 50_000  # levels


def _json(text: str) -> Answer:
    return Answer(200, text.encode(), RDAP)


def _wrong_types() -> Answer:
    card = ["vcard", [["email", None, 7, ["not", "an", "address"]], "email", None, []]]
    entities = [None, 3, {"roles": "abuse", "vcardArray": 5}, {"roles": ["abuse", 1]}]
    entities.append({"roles": ["abuse"], "vcardArray": card, "entities": "none"})
    found = {"objectClassName": "ip network", "country": 32, "startAddress": [], "handle": {}}
    return _json(json.dumps({**found, "entities": entities}))


def _cyclic() -> Answer:
    """An entity inside itself, as far as JSON can say so: the same handle, forty times."""
    entity: dict[str, object] = {"objectClassName": "entity", "handle": "LOOP", "roles": []}
    for _ in range(40):
        entity = {**entity, "handle": "LOOP", "entities": [entity, {"handle": "LOOP"}]}
    return _json(json.dumps({"objectClassName": "ip network", "entities": [entity]}))


def _deep() -> Answer:
    return _json('{"entities":[' * _DEEP + "]}" * _DEEP)


def _huge_pieces() -> Iterator[bytes]:
    yield b'{"objectClassName":"ip network","remarks":["'
    for _ in range(_HUGE // 10_000):
        yield b"x" * 10_000
    yield b'"]}'


KINDS: Final[dict[str, Callable[[], Answer]]] = {
    "bad-json": lambda: _json('{"objectClassName": "ip network", "entities": [{'),
    "not-utf8": lambda: Answer(200, b'{"name": "\xff\xfe"}', RDAP),
    "not-an-object": lambda: _json('["ip network"]'),
    "empty": lambda: _json(""),
    "html": lambda: Answer(200, b"<h1>Welcome</h1>", "text/html"),
    "wrong-types": _wrong_types,
    "cyclic": _cyclic,
    "deep": _deep,
    "huge": lambda: Answer(200, content_type=RDAP, drip=_huge_pieces()),
    "loop": lambda: Answer(302, headers=(("Location", "?again"),)),
    "too-many": lambda: Answer(429, b"", RDAP, (("Retry-After", "3600"),)),
}
