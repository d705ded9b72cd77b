"""Are the translations whole? No missing message, none fuzzy, none left over; compiled as written.

python tests/check_messages.py             checks
python tests/check_messages.py --compile   compiles the catalogues that the programs read
"""

import sys
from pathlib import Path

import polib

LOCALE = Path(__file__).resolve().parent.parent / "web/locale"


def main(compile_them: bool) -> int:
    wrong = []
    for language in ("fr", "nl", "de"):
        path = LOCALE / language / "LC_MESSAGES/django.po"
        catalogue = polib.pofile(str(path))
        for entry in (entry for entry in catalogue if not entry.obsolete):
            if entry.fuzzy or not entry.translated():
                kind = "fuzzy" if entry.fuzzy else "missing"
                wrong.append(f"{language}: {kind}: {entry.msgid[:80]!r}")
        compiled = path.with_suffix(".mo")
        if compile_them:
            catalogue.save_as_mofile(str(compiled))
        elif not compiled.exists() or compiled.read_bytes() != catalogue.to_binary():
            wrong.append(f"{language}: not compiled as written. Run: make messages")
    sys.stdout.writelines(f"{line}\n" for line in wrong)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main("--compile" in sys.argv))
