"""What a page asks of the database: is each question a walk along an index?"""

from collections.abc import Callable
from typing import Any

from django.db import connection

LARGE = ("items_item", "items_mention", "intake_report", "tracing_look", "tracing_hosting")


def scans(act: Callable[[], Any]) -> list[str]:
    """The questions that read a large table from end to end, each with the step of its plan."""
    asked: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("SELECT") and not many:
            asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        act()
    return [f"{step}: {sql[:160]}" for sql, params in asked for step in _whole(sql, params)]


def _whole(sql: str, params: Any) -> list[str]:
    postgres = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {'' if postgres else 'QUERY PLAN '}{sql}", params)
        steps = [str(row[0] if postgres else row[-1]).strip(" ->") for row in cursor.fetchall()]
    return [step for step in steps if any(_reads_all(step, table) for table in LARGE)]


def _reads_all(step: str, table: str) -> bool:
    if connection.vendor == "postgresql":
        return f"Seq Scan on {table} " in step
    return step.startswith(f"SCAN {table}") and "INDEX" not in step
