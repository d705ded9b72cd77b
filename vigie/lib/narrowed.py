"""On SQLite there are no users to grant rights to: a program narrows its own connection."""

from collections.abc import Callable, Mapping
from typing import Any

DENY, OK = 1, 0
# SQLite's numbers. All else is refused: an ATTACH reaches other files, an ALTER gives the table
# another name.
SELECT, TRANSACTION, FUNCTION, SAVEPOINT = 21, 22, 31, 32
BY_TABLE = {18: "INSERT", 20: "SELECT", 9: "DELETE"}


def only(rights: Mapping[str, str]) -> Callable[..., int]:
    """An authorizer that allows what ``rights`` gives, by table (``SELECT, INSERT``)."""

    def only_granted(action: int, table: str | None, *rest: Any) -> int:
        if action in BY_TABLE:
            return OK if BY_TABLE[action] in rights.get(table or "", "") else DENY
        return OK if action in (SELECT, TRANSACTION, FUNCTION, SAVEPOINT) else DENY

    return only_granted
