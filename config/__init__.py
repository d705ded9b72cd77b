"""The Django project: settings from the environment, and one URL map for each program.

Debian 12's SQLite (3.40.1) carries a bug that can corrupt a database in WAL mode when two
connections write at once. The pysqlite3 wheel brings a mended one; it has to stand in before
Django imports ``sqlite3``. Where no wheel exists (macOS) the interpreter's own is used.
"""

import sys

try:
    import pysqlite3
    import pysqlite3.dbapi2
except ImportError:
    pass
else:
    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2
