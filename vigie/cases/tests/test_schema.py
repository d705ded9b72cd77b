"""The assessment schema is versioned data: checked when loaded; what was decided stays as it is."""

import pytest
from django.utils.translation import override

from tests.factories import a_look, an_item
from vigie.cases.deciding import schema as schemas
from vigie.cases.deciding.decided import decisions_of
from vigie.cases.deciding.schema import SCHEMAS, BadSchema, read, says_young, schema
from vigie.cases.models import Answer, Assessment
from vigie.items.models import Item

pytestmark = pytest.mark.django_db(databases="__all__")
FIRST = (SCHEMAS / "1.toml").read_text("utf-8")
WORST = {"age": ["prepubescent"], "sex": ["both"], "act": ["penetrative"], "medium": ["modelling"]}


@pytest.fixture
def item() -> Item:
    found = an_item("http://galerie.nord.test/a")
    a_look(found)
    return found


@pytest.mark.parametrize("path", sorted(SCHEMAS.glob("*.toml")), ids=lambda path: path.stem)
def test_every_version_of_the_repository_can_be_loaded(path):
    assert schema(path.stem).version == path.stem


def test_the_newest_is_used_and_one_that_is_not_there_is_not_guessed():
    assert schema().version == max((p.stem for p in SCHEMAS.glob("*.toml")), key=int)
    with pytest.raises(LookupError):
        schema("0")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('version = "1"', 'version = "2"'),
        ('code = "sex"', 'code = "age"'),
        ('key = "s"', 'key = "a"'),
        ('key = "s"', 'key = "v"'),
        ('only_with = ["out_of_remit"]', 'only_with = ["elsewhere"]'),
        ('fr = "fille"', 'fr = ""'),
        ('answers = ["pubescent"]', 'answers = ["adult"]'),
        ("infant = 2, ", ""),
        ('flag = "ai_made"', 'flag = "painted"'),
        ('code = "female"', 'code = "a girl"'),
        ('label = { en = "Sex"', 'word = { en = "Sex"'),
        ('lost = { en = "Everything', 'found = { en = "Everything'),
        ("[[questions]]", "[[questions"),
    ],
)
def test_a_schema_that_says_what_cannot_be_is_refused(old, new):
    assert old in FIRST
    with pytest.raises(BadSchema):
        read(FIRST.replace(old, new, 1), "1")


def said(classification: str, answers: dict[str, list[str]]) -> dict[str, dict[str, object]]:
    found = schema("1").said_elsewhere(classification, answers)
    assert all(str(vocabulary.lost) for vocabulary, _said in found)
    return {vocabulary.name: told for vocabulary, told in found}


def test_an_assessment_is_said_in_other_vocabularies():
    assert said("baseline", WORST) == {
        "INHOPE ICCAM v3": {
            "classification": 1,
            "ageCategorization": 3,
            "genderCategorization": 4,
            "virtualContentCategorization": 0,
            "userGeneratedContentCategorization": 0,
            "childModelingCategorization": 1,
        },
        "IWF": {"category": "A"},
        "A1–B2": {"A1–B2": "A1"},
        "COPINE": {"level": 9},
        "UCS 3.1": {},
    }


@pytest.mark.parametrize(
    ("flag", "field"),
    [
        ("ai_made", "virtualContentCategorization"),
        ("self_generated", "userGeneratedContentCategorization"),
        ("modelling", "childModelingCategorization"),
    ],
)
def test_each_kind_of_medium_is_a_field_of_its_own(flag, field):
    told = said("baseline", {"medium": [flag]})["INHOPE ICCAM v3"]
    assert [name for name, value in told.items() if value == 1 and name.endswith("tion")] == [
        "classification",
        *(["ageCategorization", "genderCategorization"]),
        field,
    ]


def test_what_was_not_answered_is_not_made_up():
    told = said("national", {"age": ["pubescent"]})
    assert (told["IWF"], told["A1–B2"], told["COPINE"]) == ({}, {}, {})
    assert told["INHOPE ICCAM v3"]["genderCategorization"] == 1


def post(client, item: Item, **form: object):
    data = {"classification": "national", "look": item.looks.get().pk, "reason": "so", **form}
    return client.post(f"/queue/items/{item.pk}/assess/", data)


def test_one_key_is_enough(item, desk_client, analyst):
    assert post(desk_client(analyst), item).status_code == 302
    made = Assessment.objects.get()
    assert (made.schema, made.answered) == ("1", {})


def test_answers_are_kept_in_codes_with_their_version(item, desk_client, analyst):
    client = desk_client(analyst)
    answer = post(
        client, item, answer_age="infant", answer_medium=["ai_made", "modelling"], answer_sex=""
    )
    assert answer.status_code == 302
    made = Assessment.objects.get()
    assert made.answered == {"age": ("infant",), "medium": ("ai_made", "modelling")}
    item.refresh_from_db()
    assert item.young
    analyst.language = "en"
    analyst.save()
    page = client.get(f"/queue/items/{item.pk}/").content.decode()
    assert "baby or toddler" in page and "What is lost:" in page


def test_an_answer_that_does_not_go_with_the_decision_is_not_kept(item, desk_client, analyst):
    form = {"classification": "out_of_remit", "hand_over_to": "the missing children’s line"}
    made = post(
        desk_client(analyst), item, **form, answer_hand_over="missing_child", answer_age="infant"
    )
    assert made.status_code == 302
    assert Assessment.objects.get().answered == {"hand_over": ("missing_child",)}


@pytest.mark.parametrize(
    "wrong",
    [
        {"answer_age": "old"},
        {"answer_medium": ["ai_made", "painted"]},
        {"classification": "baseline", "answer_age": "pubescent"},
    ],
)
def test_a_wrong_answer_or_a_contradiction_is_not_written(wrong, item, desk_client, analyst):
    assert post(desk_client(analyst), item, **wrong).status_code == 422
    assert not Assessment.objects.exists()


def test_a_new_version_rewrites_no_old_assessment(
    item, desk_client, analyst, tmp_path, monkeypatch
):
    post(desk_client(analyst), item, answer_sex="both")
    newer = FIRST.replace('version = "1"', 'version = "2"').replace("girls and boys", "all")
    for number, text in (("1", FIRST), ("2", newer)):
        (tmp_path / f"{number}.toml").write_text(text, "utf-8")
    monkeypatch.setattr(schemas, "SCHEMAS", tmp_path)
    schema.cache_clear()
    try:
        (decided,) = decisions_of(item)
        assert (schema().version, decided.assessment.schema) == ("2", "1")
        with override("en"):
            said = [str(word) for _, words in decided.answers for word in words]
        assert said == ["girls and boys"]
    finally:
        schema.cache_clear()
    assert Answer.objects.get().code == "both"


def test_young_is_what_the_schema_calls_so():
    assert says_young({"age": ["infant"]}) and says_young({"age": ["prepubescent"]})
    assert not says_young({"age": ["pubescent"], "sex": ["male"]})
