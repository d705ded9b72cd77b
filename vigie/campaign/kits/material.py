"""What the kits hold: sheets, texts, cards, packed."""

import io
import zipfile

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from vigie.campaign.card.design import SIZES
from vigie.campaign.content import LANGUAGES, Content, is_of_2020
from vigie.campaign.drawn import sample
from vigie.campaign.kits.sheet import sheet_pdf, texts_of
from vigie.campaign.motif import Motif

SAME_DAY = (2026, 1, 1, 0, 0, 0)  # a pack says nothing of when it was asked for


def sheet_of(content: Content, language: str) -> bytes:
    """The sheet to print and write on: PDF."""
    words = content.of(language)
    with override(language):
        texts = texts_of(
            language=language,
            title=_("Write the message by hand"),
            steps=[
                _("Print this sheet."),
                _("Write the message into the frame, as large as you can."),
                _("Put the sheet beside your animal and take a photo. No people in it, please."),
                _("Make your card on our site, and tick that the message is on your photo."),
            ],
            say=_("The message:"),
            message=words.message,
            hashtag=words.hashtag,
            call=words.call,
            address=words.address,
            never=_(
                "If you come across such images: report where, do not save them, do not share "
                "them, not even to denounce them."
            ),
        )
    return sheet_pdf(texts)


def facts_text(content: Content, language: str) -> str:
    """The figures of the campaign with their sources, for people who write about it."""
    with override(language):
        return _facts_text(content, language)


def _facts_text(content: Content, language: str) -> str:
    words = content.of(language)
    base = number_format(content.base, force_grouping=True)
    own = (
        f"{words.message} {base} {words.base_label} × {content.number}: {words.total} "
        f"{words.total_label}. {words.sum_note}"
    )
    return "\n\n".join(
        [
            *([] if is_of_2020(content) else [own]),
            _(
                "78 images for each cat photo: 243,000 cat photos a day on Instagram × 78 is about "
                "18.95 million. An estimate of Child Focus and its agency Wunderman Thompson "
                "(press release; Datanews; The Brussels Times, November 2020)."
            ),
            _(
                "19 million images a day: an estimate quoted by Child Focus (2020; VRT, 19 "
                "November 2019). We have found no page of Interpol that says it."
            ),
            _(
                "2019: 16.9 million reports holding 69.1 million files came to the American "
                "centre NCMEC. The French text of 2020 spoke of 17 million images: an error of "
                "translation."
            ),
            _(
                "Most of those files came from one platform, which said that nearly half of them "
                "were not necessarily illegal. The number of reports does not measure how much "
                "abuse there is."
            ),
        ]
    )


def press_pack(content: Content, motif: Motif) -> bytes:
    """A ZIP: cards in each language and size, sheets, texts, facts with their sources."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as pack:
        for language in LANGUAGES:
            _add(pack, f"{language}/facts.txt", facts_text(content, language).encode())
            words = content.of(language)
            text = f"{words.message}\n\n{words.post}\n\n{words.alt}\n"
            _add(pack, f"{language}/texts.txt", text.encode())
            _add(pack, f"{language}/sheet.pdf", sheet_of(content, language))
            for size in SIZES:
                _add(pack, f"{language}/card-{size}.jpg", sample(content, language, size, motif))
    return out.getvalue()


def post_pack(picture: bytes, caption: str, alt: str, name: str) -> bytes:
    """One post, ready to be published by hand: picture, caption, description."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as pack:
        _add(pack, f"{name}.jpg", picture)
        _add(pack, "caption.txt", caption.encode())
        _add(pack, "description.txt", alt.encode())
    return out.getvalue()


def _add(pack: zipfile.ZipFile, name: str, data: bytes) -> None:
    pack.writestr(zipfile.ZipInfo(name, SAME_DAY), data)
