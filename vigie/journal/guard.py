"""The database itself refuses to change the journal: triggers, on SQLite and on PostgreSQL.

Who may alter tables can take them away again; that is what the chain and the signed heads are for.
"""

from django.db.backends.base.base import BaseDatabaseWrapper

REFUSAL = "the journal is append-only"
SQLITE = [
    f"CREATE TRIGGER journal_no_{act} BEFORE {act.upper()} ON journal_entry"
    f" BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    for act in ("update", "delete")
]
POSTGRESQL = [
    "CREATE OR REPLACE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS"
    f" $$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$",
    *(
        f"CREATE TRIGGER journal_no_{act} BEFORE {act.upper()} ON journal_entry"
        " FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse()"
        for act in ("update", "delete", "truncate")
    ),
]


def protect(connection: BaseDatabaseWrapper) -> None:
    """From here on nobody changes or removes a line without first altering the table."""
    with connection.cursor() as cursor:
        for statement in POSTGRESQL if connection.vendor == "postgresql" else SQLITE:
            cursor.execute(statement)


def lift(connection: BaseDatabaseWrapper) -> None:
    """Take the protection away: for tests, and for undoing the migration."""
    postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        for act in ("update", "delete", "truncate"):
            table = " ON journal_entry" if postgresql else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS journal_no_{act}{table}")
        if postgresql:
            cursor.execute("DROP FUNCTION IF EXISTS journal_refuse()")
