"""What the kits hold: sheets, texts, cards, packed."""

import io
import zipfile

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from vigie.campaign.card.design import SIZES
from vigie.campaign.content import LANGUAGES, Content, is_of_2020
from vigie.campaign.counts import CHILD_FOCUS
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
    """What the page of facts says (its sentences, where they are the same), as text."""
    words = content.of(language)
    base = number_format(content.base, force_grouping=True)
    own = (
        f"{words.message} {base} {words.base_label} × {content.number}: {words.total} "
        f"{words.total_label}. {words.sum_note}"
    )
    parts = [
        [] if is_of_2020(content) else [own],
        [
            _(
                "78 images for each cat photo: 243,000 cat photos a day on Instagram × 78 is about "
                "18.95 million. An estimate of Child Focus and its agency Wunderman Thompson "
                "(press release; Datanews; The Brussels Times, November 2020)."
            )
        ],
        [
            _(
                "19 million images a day: an estimate quoted by Child Focus (2020; VRT, 19 "
                "November 2019). We have found no page of Interpol that says it."
            )
        ],
        [
            _(
                "2019: 16.9 million reports holding 69.1 million files came to the American "
                "centre NCMEC. The French text of 2020 spoke of 17 million images: an error of "
                "translation."
            ),
            _("NCMEC, CyberTipline figures for the year 2019."),
        ],
        [
            _(
                "Most of those files came from one platform, which said that nearly half of them "
                "were not necessarily illegal. The number of reports does not measure how much "
                "abuse there is."
            ),
            _(
                "On the one platform, and what it said: The New York Times, “Tech Companies Detect "
                "a Surge in Online Videos of Child Sexual Abuse”, 7 February 2020. On what the "
                "number of reports is not: NCMEC, Global Platform for Child Exploitation Policy, "
                "“Thoughtful data analysis”, no date."
            ),
        ],
        [
            _("“It doubles each year”"),
            _(
                "So said Child Focus in 2020. The reports it counted itself do not show it: from "
                "2019 to 2020 they rose by 45%, although they had tripled during the first "
                "lockdown in spring 2020, and risen by 30% after the schools opened again."
            ),
            _(
                "“Doubles each year”: Child Focus, in Datanews, November 2020. 45%: annual report "
                "of Child Focus for 2020, in Knack, May 2021. Tripled: press release of Child "
                "Focus, 18 November 2020. 30%: told by Child Focus in 2020; we have no document at "
                "hand."
            ),
        ],
        [
            _("Reports received by Child Focus"),
            *(
                f"{year}: {number_format(count, force_grouping=True)}"
                for year, count in CHILD_FOCUS.items()
            ),
            _(
                "Child Focus. 2017 and 2018: annual report for 2018, in Knack, June 2019. 2019: "
                "annual report for 2019, in a report of Belga, 20 May 2020. 2020: annual report "
                "for 2020, in Knack, May 2021. For 2015 and 2023 we have no document at hand. The "
                "years for which we found no figure are left out."
            ),
        ],
    ]
    return "\n\n".join("\n".join(part) for part in parts if part)


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
