"""The hotline's pages can be read by most people: short sentences, short words, four languages.

Measured with the published formulas of reading ease, each made for its language and all on a scale
where 60 and more is plain text (Flesch 1948; Kandel and Moles 1958; Douma 1960; Amstad 1978).
Syllables are counted by the places where a word can be hyphenated, which finds a few too few.
Only our own sentences are measured: no phone lines, no code, no legal text of the operator.
"""

import re
from dataclasses import dataclass
from html.parser import HTMLParser

import pyphen
import pytest

pytestmark = pytest.mark.django_db(databases=["default", "front"])
PAGES = {
    "report": ("report/", None),
    "more": ("report/", {"where": "https://a.test/"}),
    "place": ("report/more/", {"page": "danger", "act": "next"}),
    "contact": ("report/more/", {"page": "place", "act": "next"}),
    "sent": ("report/sent/", None),
    "own": ("for-me/", None),
    "own_sent": ("for-me/sent/", None),
    "receipt": ("receipt/", None),
    "how": ("how/", None),
    "help": ("help/", None),
    "privacy": ("privacy/", None),
}
BLOCKS = {"p", "li", "h1", "h2", "h3", "label", "legend", "summary", "button", "option", "b", "a"}
# What the operator says, what is no sentence, and what is read for its words alone.
NOT_OURS = {"lines", "words", "danger", "lang"}


@dataclass(frozen=True)
class Ease:
    """``base - sentence * (words a sentence) - word * (syllables a word)``."""

    base: float
    sentence: float
    word: float
    floor: float


# The floor is of a whole page. Plain is 60; ten more for the syllables that are not found, and in
# French fifteen: there hyphenation misses the most. German makes one long word of three, and its
# pages have two dozen sentences: 55 lets one such word pass and stops an office's German (30).
EASE = {
    "en": Ease(206.835, 1.015, 84.6, 70),
    "fr": Ease(207, 1.015, 73.6, 75),
    "nl": Ease(206.835, 0.93, 77, 70),
    "de": Ease(180, 1, 58.5, 55),
}
LONGEST = 30  # words of any one sentence
MEAN = 12  # words of a sentence, over a page


class Sentences(HTMLParser):
    """The sentences of a page's main part, block by block."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found, self.text, self.skip, self.depth = [""], "", 0, 0
        self.feed(page.partition("<main")[2].partition("</main>")[0])
        self._end()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kind = set((dict(attrs).get("class") or "").split())
        void = tag in ("input", "br", "meta")
        if self.skip and not void:
            self.skip += 1
        elif kind & NOT_OURS or tag in ("textarea", "select"):
            self.skip = 1
        if tag in BLOCKS - {"b", "a"}:
            self._end()

    def handle_endtag(self, tag: str) -> None:
        if self.skip:
            self.skip -= 1
        if tag in BLOCKS - {"b", "a"}:
            self._end()

    def handle_data(self, data: str) -> None:
        if not self.skip:
            self.text += data

    def _end(self) -> None:
        self.found += re.split(r"(?<=[.!?:;])[»”“]?\s+", " ".join(self.text.split()))
        self.text = ""


def sentences_of(page: str) -> list[list[str]]:
    """Each as its words; a heading or a button is one, too."""
    split = (re.findall(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*", one) for one in Sentences(page).found)
    return [words for words in split if words]


def ease(sentences: list[list[str]], language: str) -> float:
    words = [word for sentence in sentences for word in sentence]
    hyphens = pyphen.Pyphen(lang=language, left=1, right=1)
    syllables = sum(len(hyphens.positions(word.lower())) + 1 for word in words)
    of = EASE[language]
    return of.base - of.sentence * len(words) / len(sentences) - of.word * syllables / len(words)


def _page(client, language: str, name: str) -> str:
    address, sent = PAGES[name]
    path = f"/{language}/{address}"
    answer = client.get(path) if sent is None else client.post(path, sent)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("language", EASE)
def test_a_page_of_the_hotline_is_plain_in_its_language(public_client, language, name):
    sentences = sentences_of(_page(public_client, language, name))
    assert len(sentences) > 5
    assert ease(sentences, language) >= EASE[language].floor
    lengths = [len(sentence) for sentence in sentences]
    assert sum(lengths) / len(lengths) <= MEAN
    assert max(lengths) <= LONGEST, max(sentences, key=len)


def test_the_measure_tells_a_plain_text_from_one_of_an_office():
    plain = "<main><p>You can stop here. We keep what you sent.</p></main>"
    office = (
        "<main><p>Notwithstanding the aforementioned considerations, continued availability of "
        "incriminating representations necessitates immediate notification of authorities."
    )
    assert ease(sentences_of(plain), "en") > 80
    assert ease(sentences_of(office + "</p></main>"), "en") < 10


def test_what_the_operator_says_is_left_aside():
    page = '<main><p>Ours.</p><ul class="lines"><li>Theirs, <b>long</b>.<br></li></ul><p>More.</p>'
    assert sentences_of(page + "</main>") == [["Ours"], ["More"]]
