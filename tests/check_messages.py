"""Are the translations whole? No missing message, none fuzzy, none left over; compiled as written.

python tests/check_messages.py            checks, and compiles into web/locale (no gettext needed)
"""

import sys
from pathlib import Path

import polib

LOCALE = Path(__file__).resolve().parent.parent / "web/locale"


def main() -> int:
    wrong = 0
    for language in ("fr", "nl", "de"):
        path = LOCALE / language / "LC_MESSAGES/django.po"
        catalogue = polib.pofile(str(path))
        for entry in catalogue:
            if entry.obsolete:
                continue
            problem = "fuzzy" if entry.fuzzy else "" if entry.translated() else "missing"
            if problem:
                wrong += 1
                print(f"{language}: {problem}: {entry.msgid[:80]!r}")
        catalogue.save_as_mofile(str(path.with_suffix(".mo")))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
