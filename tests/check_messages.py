"""Are the translations whole? Every text of the code is there, none missing, fuzzy or left over.

python tests/check_messages.py             checks
python tests/check_messages.py --compile   compiles the catalogues that the programs read
"""

import shutil
import sys
import tempfile
from pathlib import Path

import django
import polib
from django.conf import settings
from django.core.management import call_command

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "web/locale"
Id = tuple[str | None, str]


def main(compile_them: bool) -> int:
    in_code = None if compile_them else texts_of_the_code()
    wrong = []
    for language in ("fr", "nl", "de"):
        path = LOCALE / language / "LC_MESSAGES/django.po"
        catalogue = polib.pofile(str(path))
        entries = [entry for entry in catalogue if not entry.obsolete]
        for entry in entries:
            if entry.fuzzy or not entry.translated():
                kind = "fuzzy" if entry.fuzzy else "missing"
                wrong.append(f"{language}: {kind}: {entry.msgid[:80]!r}")
        if in_code is not None:
            ours = {(entry.msgctxt, entry.msgid) for entry in entries}
            wrong += [f"{language}: not collected: {text!r}" for _, text in in_code - ours]
            wrong += [f"{language}: left over: {text!r}" for _, text in ours - in_code]
        compiled = path.with_suffix(".mo")
        if compile_them:
            catalogue.save_as_mofile(str(compiled))
        elif not compiled.exists() or compiled.read_bytes() != catalogue.to_binary():
            wrong.append(f"{language}: not compiled as written. Run: make messages")
    sys.stdout.writelines(f"{line}\n" for line in wrong)
    return 1 if wrong else 0


def texts_of_the_code() -> set[Id] | None:
    """Every text to translate, collected anew; None where gettext is not installed."""
    if not shutil.which("xgettext"):
        sys.stdout.write("SKIPPED: new texts are not looked for (Debian: apt install gettext)\n")
        return None
    django.setup()
    with tempfile.TemporaryDirectory() as folder:
        settings.LOCALE_PATHS = [folder]
        ignored = [".venv/*", "var/*", "web/locale"]
        call_command("makemessages", locale=["en"], ignore_patterns=ignored, verbosity=0)
        collected = polib.pofile(f"{folder}/en/LC_MESSAGES/django.po")
        return {(entry.msgctxt, entry.msgid) for entry in collected}


if __name__ == "__main__":
    sys.exit(main("--compile" in sys.argv))
