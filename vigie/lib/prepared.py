"""Questions that Django writes once, and that are asked with other values each time.

To build a QuerySet and to compile it takes several times what its answer takes; a page of the desk
asks thirty (docs/benchmarks.md). Worth it for questions of such pages alone.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, Generic, TypeVar, cast
from uuid import UUID
from weakref import WeakKeyDictionary

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Expression, QuerySet

Row = TypeVar("Row")
Several = (list, tuple, set, frozenset)


class Blank(Expression):
    """Stands in the question for a value that is given when it is asked."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return "%s", [self]


class Prepared(Generic[Row]):
    """``Prepared(lambda items, now: Claim.objects.filter(item__pk__in=[items], until__gt=now))``,
    then ``ask(items=[1, 2], now=…)``: a list of its rows, of the default database.

    Where several values stand, the question names one between brackets; where none is given, the
    answer is empty. With other names it is another question. All else that the question names is
    read once: when it is asked first.
    """

    def __init__(self, make: Callable[..., QuerySet[Any, Row]]) -> None:
        self._make = make

    def __call__(self, **values: object) -> list[Row]:
        if any(isinstance(value, Several) and not value for value in values.values()):
            return []
        # Kept with this thread's connection: what Django compiled belongs to one.
        kept = vars(connections[DEFAULT_DB_ALIAS]).setdefault("prepared", WeakKeyDictionary())
        mine, names = kept.setdefault(self, {}), tuple(values)
        if names not in mine:
            mine[names] = _Compiled(self._make(**{name: Blank(name) for name in names}))
        found: list[Row] = mine[names].asked(values)
        return found

    def first(self, **values: object) -> Row | None:
        return next(iter(self(**values)), None)


class _Compiled:
    def __init__(self, question: QuerySet[Any, Any]) -> None:
        self._question, self._rows = question, cast(Any, question._iterable_class)
        self._compiler: Any = question.query.get_compiler(DEFAULT_DB_ALIAS)
        try:
            sql, self._params = self._compiler.as_sql()
        except EmptyResultSet:  # whatever is given: nothing answers
            sql, self._params = "", None
        self._parts = sql.split("%s")
        # Whatever makes rows of the answer asks the question for its compiler.
        question.query.get_compiler = lambda *_args, **_named: self._compiler  # type: ignore[method-assign]

    def asked(self, values: dict[str, object]) -> list[Any]:
        if self._params is None:
            return []
        text, given = [self._parts[0]], list[object]()
        for param, part in zip(self._params, self._parts[1:], strict=True):
            these = _each(values[param.name]) if isinstance(param, Blank) else [param]
            text += [", ".join(["%s"] * len(these)), part]
            given += these
        told = "".join(text), tuple(given)
        self._compiler.as_sql = lambda *_args, **_named: told
        rows: list[Any] = list(self._rows(self._question))
        return rows


def _each(value: object) -> Sequence[object]:
    every = list(value) if isinstance(value, Several) else [value]
    return [_adapted(one) for one in every]


def _adapted(value: object) -> object:
    """As the database takes it: SQLite keeps moments as text."""
    connection = connections[DEFAULT_DB_ALIAS]
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return connection.ops.adapt_datefield_value(value)
    if isinstance(value, UUID) and not connection.features.has_native_uuid_field:
        return value.hex
    return value
