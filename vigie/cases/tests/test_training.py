"""Training: known answers, a score with reasons, and nothing of it anywhere else."""

import pytest
from django.apps import apps

from vigie.cases.deciding.training import exercises, marked
from vigie.cases.models import Classification, TrainingAnswer, TrainingRun
from vigie.items.models import Item

pytestmark = pytest.mark.django_db(databases="__all__")
APART = {"TrainingRun", "TrainingAnswer", "Entry", "Session", "Authenticator", "User"}


def counts() -> dict[str, int]:
    rooms = [m for m in apps.get_models() if m.__name__ not in APART]
    return {m.__name__: m._base_manager.count() for m in rooms if m._meta.app_label != "intake"}


def through(client, answers: dict[str, tuple[str, str]]) -> str:
    """Answer every exercise; the page at the end."""
    path = client.post("/queue/training/")["Location"]
    for _ in exercises():
        code = client.get(path).context["exercise"].code
        classification, age = answers[code]
        assert client.post(path, {"classification": classification, "age": age}).status_code == 302
    return client.get(path).content.decode()


def test_whoever_knows_all_answers_has_all_right_and_no_item_is_touched(analyst, desk_client):
    client = desk_client(analyst)
    client.get("/queue/training/")  # the session is known from now on
    before = counts()
    known = {one.code: (one.classification, one.age) for one in exercises()}
    page = through(client, known)
    run = TrainingRun.objects.get()
    assert all(one.right and one.age_right for one in marked(run))
    assert page.count("<h2>") == len(marked(run)) == len(exercises())
    assert counts() == before and not Item.objects.exists()


def test_what_was_answered_otherwise_is_said_with_the_reason(analyst, desk_client):
    known = {one.code: (one.classification, one.age) for one in exercises()}
    known["toddler"] = ("baseline", "pubescent")
    known["cat"] = ("baseline", "infant")
    client = desk_client(analyst)
    through(client, known)
    wrong = {m.exercise.code: (m.right, m.age_right) for m in marked(TrainingRun.objects.get())}
    assert wrong.pop("toddler") == (True, False)
    assert wrong.pop("cat") == (False, True)
    assert set(wrong.values()) == {(True, True)}


def test_a_run_is_ones_own_and_an_answer_is_given_once(analyst, lead, desk_client):
    client = desk_client(analyst)
    path = client.post("/queue/training/")["Location"]
    assert client.post(path, {}).status_code == 422
    assert desk_client(lead).get(path).status_code == 404
    first = client.get(path).context["exercise"].code
    assert "<svg" in client.get(path).content.decode()
    client.post(path, {"classification": "baseline"})
    assert TrainingAnswer.objects.get().exercise == first
    assert client.get(path).context["exercise"].code != first


@pytest.mark.pure
def test_the_exercises_cover_most_classifications_and_have_codes_of_their_own():
    codes = [one.code for one in exercises()]
    assert len(set(codes)) == len(codes)
    used = {one.classification for one in exercises()}
    assert set(Classification) - used == {Classification.OTHER_ILLEGAL}
