"""The front database: its tables, and what the public program may do to each.

One list for three: `config.router` sends these tables to the front database, `vigie grants` tells
PostgreSQL, and on SQLite the public program's own connection keeps to it (`vigie.intake.apps`).
"""

FRONT = {
    # The hotline: it writes letters and cannot read, change or remove one.
    ("intake", "letter"): "INSERT",
    ("intake", "shownreceipt"): "SELECT, INSERT",
    ("intake", "shownquestion"): "SELECT",
    # Who has a key to send reports by program: looked up, never listed on a page.
    ("doors", "sender"): "SELECT",
    ("figures", "publishedfigures"): "SELECT",
    # The campaign: what is offered is written only; what was approved is shown, and may be
    # taken off by whoever has its link.
    ("campaign", "campaign"): "SELECT",
    ("campaign", "campaignphoto"): "SELECT",
    ("wall", "submission"): "INSERT",
    ("wall", "card"): "SELECT, DELETE",
    ("wall", "cardpicture"): "SELECT, DELETE",
    ("wall", "withdrawal"): "INSERT",
    ("wall", "wallcount"): "SELECT",
    ("wall", "wallqueue"): "SELECT",
    ("newsletter", "newsletteract"): "INSERT",
    ("kits", "kit"): "SELECT",
    ("kits", "kituse"): "INSERT",
}
