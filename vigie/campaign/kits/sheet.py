"""A sheet to print: room to write the message by hand, as the campaign of 2020 asked."""

import json
from functools import lru_cache
from pathlib import Path

import typst

FOLDER = Path(__file__).parent
# Typesetting wants whole, static fonts: Vigie Sans is Source Sans 3 (Latin), at two weights; its
# licence asks for another name.
FONTS = [str(FOLDER / "fonts"), str(FOLDER.parent / "card/fonts")]


@lru_cache(maxsize=16)
def sheet_pdf(texts: str) -> bytes:
    """``texts``: JSON with title, steps, message, call, address, hashtag, language. PDF/UA-1."""
    made: bytes = typst.compile(
        str(FOLDER / "sheet.typ"),
        sys_inputs={"texts": texts},
        font_paths=FONTS,
        ignore_system_fonts=True,
        pdf_standards="ua-1",
        format="pdf",
    )
    return made


def texts_of(**texts: str | list[str]) -> str:
    return json.dumps(texts, ensure_ascii=False, sort_keys=True)
