"""The word lists of the report receipt: eight words, 10 bits each, so 1024 words per list.

A reporter writes the words down by hand and types them again later. The lists therefore keep
any two words three edits apart (two would only *detect* a typo; three also says which word was
meant), with accents and case ignored. They are read by people who have just seen abuse, so a
word that could hurt or embarrass in any of the four languages does not belong in any list.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest

WORDS = Path(__file__).parents[1] / "words"
LANGUAGES = ("fr", "nl", "de", "en")
SIZE = 1024
APART = 3
GERMAN_SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})

# Whole words, folded, refused in all four lists whichever language they come from. Not a full
# list of what is unwelcome (people chose the words one by one): a net for later edits.
SEXUAL_OR_INSULTING_SOMEWHERE = """
bite con cul slip pute mors kut lul geil dick dik pik eikel doos poes zak muts pruim trut latte
schwanz sack pflaume chatte moule gland bourse pine verge morue grue thon cock tit bush beaver
pussy ass string tanga melon spade slope schmuck lid hoer hore bitch salope
"""
BODY_FAMILY_SCHOOL = """
mouth mond bouche mund lap kid baby girl boy fille garcon meisje jongen junge kind enfant papa
mama uncle oncle oom onkel tante aunt school ecole schule doll poupee toy jouet
"""
REMINDERS_OF_ABUSE = """
bed lit bett bath bain bad douche dusche camera kamera photo foto video album secret geheim night
nacht nuit dark donker dunkel touch game spel jeu spiel hide cache sweet sweets candy bonbon snoep
chocolat cellar kelder keller cage rope couteau knife mes messer trophy pizza cheese fromage kaas
spiral spirale triangle butterfly papillon vlinder pedo viol rape
"""
DEATH_DRUGS_POLITICS_ILLNESS = """
mort tod dood death mord moord kill gun pistolet hell holle drug droge gift heroin nazi fuhrer
lager neger negre mohr scharlach email condom kondom condor kondor
"""
UNWELCOME = frozenset(
    (
        SEXUAL_OR_INSULTING_SOMEWHERE
        + BODY_FAMILY_SCHOOL
        + REMINDERS_OF_ABUSE
        + DEATH_DRUGS_POLITICS_ILLNESS
    ).split()
)


def words_of(language: str) -> list[str]:
    """The list as it is stored: one word per line, UTF-8, a newline after the last."""
    return (WORDS / f"{language}.txt").read_text("utf-8").removesuffix("\n").split("\n")


def folded(word: str) -> str:
    """The word as it is compared: case folded (ß is ss), accents stripped."""
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def typed_forms(language: str, word: str) -> set[str]:
    """The spellings a reporter may use: folded, and in German also with ae, oe, ue."""
    spelled_out = word.translate(GERMAN_SPELLED_OUT) if language == "de" else word
    return {folded(word), folded(spelled_out)}


def edits(left: str, right: str) -> int:
    """The Levenshtein distance."""
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        before, row = row, [i]
        for j, b in enumerate(right, 1):
            row.append(min(before[j] + 1, row[-1] + 1, before[j - 1] + (a != b)))
    return row[-1]


def shortened(form: str) -> set[str]:
    """The form with up to APART - 1 letters left out; forms closer than APART share one."""
    found = {form}
    for _ in range(APART - 1):
        found |= {s[:i] + s[i + 1 :] for s in found for i in range(len(s))}
    return found


def too_close(language: str) -> Iterator[tuple[str, str]]:
    """The pairs of words with spellings fewer than APART edits from each other."""
    sharing: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for word in words_of(language):
        for form in typed_forms(language, word):
            for key in shortened(form):
                sharing[key].add((word, form))
    for group in sharing.values():
        for (word, form), (other, other_form) in combinations(sorted(group), 2):
            if word != other and edits(form, other_form) < APART:
                yield word, other


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_list_has_1024_words_so_that_a_word_is_worth_ten_bits(language: str) -> None:
    assert len(words_of(language)) == SIZE


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_list_is_sorted_and_ends_with_a_newline(language: str) -> None:
    assert words_of(language) == sorted(words_of(language))
    assert (WORDS / f"{language}.txt").read_bytes().endswith(b"\n")


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_are_three_to_nine_lower_case_letters(language: str) -> None:
    wrong = [
        word
        for word in words_of(language)
        if not (3 <= len(word) <= 9 and word.isalpha() and word == word.lower())
    ]
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_letters_are_composed_and_fold_to_the_plain_alphabet(language: str) -> None:
    words = words_of(language)
    assert [word for word in words if unicodedata.normalize("NFC", word) != word] == []
    assert [word for word in words if not folded(word).isascii()] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_stay_distinct_without_accents(language: str) -> None:
    assert len({folded(word) for word in words_of(language)}) == SIZE


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_typo_still_points_to_one_word_only(language: str) -> None:
    assert sorted(set(too_close(language))) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_is_unwelcome_in_any_of_the_languages(language: str) -> None:
    assert UNWELCOME.isdisjoint(folded(word) for word in words_of(language))


def test_the_distance_check_sees_one_and_two_edits() -> None:
    assert [edits("kiwi", other) for other in ("kiwi", "kiwis", "kivis", "kobi")] == [0, 1, 2, 2]
    assert shortened("maple") & shortened("apples")
