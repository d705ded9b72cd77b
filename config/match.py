"""The main database: what the match program may do there, by table. All else is closed to it.

One list for two: `vigie grants ROLE --match` tells PostgreSQL, and on SQLite the program's own
connection keeps to it (`vigie.matching.providers.apps`).
"""

MATCH = {
    ("matching", "hashlist"): "SELECT",
    ("matching", "listedhash"): "SELECT",
    ("matching", "changeclock"): "SELECT",
    # Who has a key, and for which lists: looked up, never changed.
    ("providers", "provider"): "SELECT",
    ("providers", "provider_lists"): "SELECT",
    # What was asked, in counts, and what looks like probing: written, never read.
    ("providers", "asked"): "INSERT",
    ("providers", "probe"): "INSERT",
}
