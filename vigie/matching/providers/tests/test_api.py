"""What a trusted provider is told, and what it is not; what is kept of its asking."""

import base64
import hashlib
import json
import random

import pytest
from django.test import Client

from bench.sheets import sheet
from vigie.intake.doors.keys import hash_of
from vigie.matching import following
from vigie.matching.engine.answers import words_of
from vigie.matching.engine.luma import hash_picture
from vigie.matching.engine.tests.pictures import colours, saved
from vigie.matching.lists.models import ListedHash
from vigie.matching.lists.writing import tick
from vigie.matching.providers import api, hashing, probing
from vigie.matching.providers.allowance import Allowance
from vigie.matching.providers.hashing import Hashed
from vigie.matching.providers.models import Asked, Probe, Provider
from vigie.matching.providers.probing import Suspicion
from vigie.matching.providers.services import revoke_provider
from vigie.matching.providers.tests.conftest import PDQ, PICTURE, listed, variant
from vigie.matching.verdicts import Verdict

pytestmark = pytest.mark.django_db(databases="__all__")
URL = "/api/match/v1/pictures"
MINE = [{"list": "police", "classification": "baseline"}]


@pytest.fixture
def ask(index, trusted, settings):
    """Asks about pictures; the answer's verdicts, or the whole answer at another status."""
    settings.ROOT_URLCONF = "config.match_urls"
    settings.MIDDLEWARE = settings.MATCH_MIDDLEWARE
    client = Client(raise_request_exception=False)

    def asking(*pictures: object, headers: dict[str, str] | None = None):
        body = json.dumps({"pictures": pictures})
        sent = trusted.headers if headers is None else headers
        answer = client.post(URL, body, "application/json", headers=sent)
        if answer.status_code != 200:
            return answer
        assert "no-store" in answer["Cache-Control"] and not answer.cookies
        return answer.json()["verdicts"]

    return asking


def by(kind: str, value: str) -> dict[str, object]:
    return {"hashes": [{"type": kind, "value": value}]}


def file(data: bytes) -> dict[str, str]:
    return {"bytes": base64.b64encode(data).decode()}


@pytest.mark.parametrize("bits", [0, 1, 31])
def test_a_pdq_within_the_threshold_is_similar_and_how_near_is_not_told(ask, bits):
    assert ask(by("pdq", variant(bits))) == [{"position": 0, "verdict": "similar", "matches": MINE}]


def test_a_value_may_come_in_base64_where_lists_have_it_so(ask, lists):
    listed(lists[0], "photodna", "ab" * 144)
    in_base64 = base64.b64encode(b"\xab" * 144).decode()
    pdq = base64.b64encode(bytes.fromhex(PDQ)).decode()
    told = ask(by("photodna", in_base64), by("pdq", pdq))
    assert [one["verdict"] for one in told] == ["similar", "similar"]


def test_its_description_says_what_a_picture_is_and_when_to_come_again(ask):
    described = Client().get("/api/match/v1/openapi.json").json()
    known = described["components"]["schemas"]
    assert known["BatchIn"]["properties"]["pictures"]["items"] == {
        "$ref": "#/components/schemas/PictureIn"
    }
    assert set(known["PictureIn"]["properties"]) == {"hashes", "quality", "bytes"}
    assert set(known["ValueIn"]["required"]) == {"type", "value"}
    answers = described["paths"][URL]["post"]["responses"]
    assert ["Retry-After" in answers[status]["headers"] for status in ("429", "503")] == [True] * 2


def test_beyond_it_nothing_is_known(ask):
    assert ask(by("pdq", variant(32))) == [{"position": 0, "verdict": "unknown", "matches": []}]


@pytest.mark.parametrize(
    ("kind", "length", "verdict"),
    [
        ("md5", 32, "known"),
        ("sha1", 40, "known"),
        ("sha256", 64, "known"),
        ("photodna", 288, "similar"),
    ],
)
def test_of_equal_values_those_that_name_bytes_are_known(ask, lists, kind, length, verdict):
    listed(lists[0], kind, "ab" * (length // 2))
    (told,) = ask(by(kind, "ab" * (length // 2)))
    assert (told["verdict"], told["matches"]) == (verdict, MINE)


@pytest.mark.parametrize("how", ["of addresses", "with a prefix", "in lines", "too short", "bits"])
def test_base64_of_another_kind_is_refused_and_never_read_as_other_bytes(ask, how):
    text = base64.b64encode(PICTURE).decode()
    wrong = {
        "of addresses": text.translate(str.maketrans("+/", "-_")),
        "with a prefix": f"data:image/png;base64,{text}",
        "in lines": base64.encodebytes(PICTURE).decode(),
        "too short": text[:-1],
        "bits": "ä" + text,
    }[how]
    whole, told = ask({"bytes": text}, {"bytes": wrong})
    assert whole["verdict"] == "similar"
    assert told["problem"]["status"] == 422 and "verdict" not in told


def test_what_lies_beyond_the_caller_s_lists_is_not_there(ask, lists):
    listed(lists[1], "md5", "cd" * 16)
    told = ask(by("md5", "cd" * 16), by("pdq", "0" * 64), by("pdq", PDQ))
    assert [one["verdict"] for one in told] == ["unknown", "unknown", "similar"]
    assert "other's" not in json.dumps(told) and "national" not in json.dumps(told)


def test_disputed_withdrawn_and_harmless_entries_and_lists_out_of_use_answer_nothing(ask, lists):
    listed(lists[0], "md5", "1" * 32, state=ListedHash.State.DISPUTED)
    listed(lists[0], "md5", "2" * 32, state=ListedHash.State.WITHDRAWN)
    listed(lists[0], "md5", "3" * 32, said="harmless")
    values = [by("md5", n * 32) for n in "123"] + [by("pdq", n * 64) for n in "f5"]
    assert {one["verdict"] for one in ask(*values)} == {"unknown"}
    lists[0].active = False
    lists[0].save()
    assert ask(by("pdq", PDQ))[0]["verdict"] == "unknown"


def test_ours_are_found_though_a_thousand_of_others_are_nearer(ask, lists, index):
    ask(by("pdq", PDQ))
    with following.caught_up() as filled:
        filled.set_list("of others", 31)
        filled.put_many("of others", range(1_000), words_of([PDQ] * 1_000))
    assert ask(by("pdq", variant(31)))[0]["matches"] == MINE


def test_a_list_s_threshold_is_the_one_it_has_now(ask, lists):
    lists[0].threshold = 10
    lists[0].save()
    told = ask(by("pdq", variant(10)), by("pdq", variant(11)))
    assert [one["verdict"] for one in told] == ["similar", "unknown"]


def test_what_an_owner_adds_withdraws_or_disputes_shows_in_the_next_answer(ask, lists):
    other = "a5" * 32
    assert ask(by("pdq", other))[0]["verdict"] == "unknown"
    entry = listed(lists[0], "pdq", other)
    assert ask(by("pdq", other))[0]["verdict"] == "similar"
    for state in (ListedHash.State.WITHDRAWN, ListedHash.State.ACTIVE, ListedHash.State.DISPUTED):
        ListedHash.objects.filter(pk=entry.pk).update(state=state, change=tick())
        wanted = "similar" if state == ListedHash.State.ACTIVE else "unknown"
        assert ask(by("pdq", other))[0]["verdict"] == wanted


def test_bytes_are_hashed_in_memory_and_asked_by_all_their_values(ask, lists, tmp_path):
    again = saved(colours(1, 400, 300).resize((300, 225)), "JPEG", quality=60)
    listed(lists[0], "sha1", hashlib.sha1(b"words").hexdigest())
    told = ask(file(again), file(b"words"), file(b"other words"), file(saved(colours(2, 300, 200))))
    assert [one["verdict"] for one in told] == ["similar", "known", "unreadable", "unknown"]
    assert told[0]["matches"] == MINE


def test_a_sheet_is_known_by_one_of_its_pictures(ask, lists, index):
    drawn = sheet(0, 3, 3, 90)
    assert ask(file(drawn.data))[0]["verdict"] == "unknown"
    listed(lists[0], "pdq", hash_picture(saved(drawn.pictures[4])).pdq.value)
    assert ask(file(drawn.data))[0]["verdict"] == "similar"


def test_one_that_cannot_be_read_stops_no_other_and_nothing_sent_is_repeated(ask):
    bad = [
        {},
        by("pdq", "ocelot"),
        by("crc", "1" * 8),
        {**by("pdq", PDQ), **file(b"x")},
        {"hashes": by("pdq", PDQ)["hashes"] * 2},
        {"bytes": "ocelot!"},
        {**by("pdq", PDQ), "more": 1},
        "ocelot",
        None,
    ]
    told = ask(*bad, by("pdq", PDQ))
    assert [one["position"] for one in told] == list(range(10))
    assert all(one["problem"]["status"] == 422 and "verdict" not in one for one in told[:9])
    assert told[9]["verdict"] == "similar"
    assert "ocelot" not in json.dumps(told)


def test_a_pdq_of_low_quality_would_match_anything_and_is_not_asked(ask):
    assert ask({**by("pdq", PDQ), "quality": 49})[0]["verdict"] == "unknown"


def test_nobody_without_a_valid_key_is_answered(ask, trusted):
    for headers in ({}, {"Authorization": "Bearer vigie_x"}, {"Authorization": trusted.key}):
        answer = ask(by("pdq", PDQ), headers=headers)
        assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    revoke_provider(trusted.provider.pk, "tests")
    assert ask(by("pdq", PDQ)).status_code == 401
    assert bytes(Provider.objects.get().key_hash) == hash_of(trusted.key)
    assert not Asked.objects.exists()


def test_what_was_asked_is_counted_and_no_value_is_kept(ask):
    ask(by("pdq", PDQ), by("pdq", variant(40)), {})
    row = Asked.objects.get()
    assert (row.pictures, row.found) == (3, 1)
    assert {field.name for field in Asked._meta.fields} == {
        *("id", "provider", "at", "pictures", "found")
    }


def test_more_than_a_key_may_ask_in_a_minute_waits(ask, trusted, monkeypatch):
    Provider.objects.update(per_minute=6)
    thousand = [by("pdq", PDQ)] * 1_000
    assert len(ask(*thousand)) == 1_000
    answer = ask(by("pdq", PDQ), by("pdq", PDQ))
    assert answer.status_code == 429 and 10 <= int(answer["Retry-After"]) <= 20
    assert answer["Content-Type"] == "application/problem+json"
    assert Asked.objects.get().pictures == 1_000


def test_the_allowance_fills_evenly_and_is_each_provider_s_own():
    now = [0.0]
    allowance = Allowance(least=10, clock=lambda: now[0])
    assert allowance.take(1, 6, 10) == 0
    assert allowance.take(1, 6, 3) == 30
    assert allowance.take(2, 6, 10) == 0
    now[0] = 29.5
    assert allowance.take(1, 6, 3) == 1
    now[0] = 30.1
    assert allowance.take(1, 6, 3) == 0
    now[0] = 10_000.0
    assert allowance.take(1, 6, 11) == 10, "a bucket does not overflow"


def test_too_many_at_once_or_too_long_is_refused(ask):
    assert ask(*[by("pdq", PDQ)] * 1_001).status_code == 422
    assert ask().status_code == 422
    answer = ask({"bytes": "A" * 20_000_001})
    assert (answer.status_code, answer.json()["title"][:8]) == (413, "Too much")


def test_where_the_index_cannot_be_opened_it_says_so(ask, index):
    ask(by("pdq", PDQ))
    Asked.objects.all().delete()
    index.chmod(0o755)
    following.forget()
    answer = ask(by("pdq", PDQ))
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert not Asked.objects.exists()


def test_variants_asked_until_the_answer_turns_raise_an_alarm_once(ask, trusted):
    for bits in range(28, 32):
        ask(by("pdq", variant(bits)))
    assert not Probe.objects.exists()
    for bits in range(32, 45):
        assert ask(by("pdq", variant(bits)))[0]["verdict"] == "unknown"
    probe = Probe.objects.get()
    assert (probe.provider, probe.variants, probe.found) == (trusted.provider, 8, 4)


def test_variants_in_directions_of_their_own_raise_one_as_well(ask):
    """Each is 20 to 40 bits from what the list has, and some 55 from each other."""
    chance = random.Random(5)
    for _ in range(24):
        ask(by("pdq", turned(PDQ, chance.sample(range(256), chance.randint(20, 40)))))
    assert Probe.objects.count() == 1


def missing(chance: random.Random, count: int, value: str = PDQ) -> list[dict[str, object]]:
    """Variants that just escape a list."""
    flips = (chance.sample(range(256), chance.randint(34, 52)) for _ in range(count))
    return [by("pdq", turned(value, bits)) for bits in flips]


def test_who_comes_from_outside_is_noticed_when_the_first_variant_is_found(ask):
    ask(*missing(random.Random(8), 20))
    assert not Probe.objects.exists()
    assert ask(by("pdq", variant(31)))[0]["verdict"] == "similar"
    probe = Probe.objects.get()
    assert (probe.variants > 15, probe.found) == (True, 1)


def test_who_is_never_found_is_noticed_after_many_variants_that_just_missed(ask):
    told = ask(*missing(random.Random(9), 45))
    assert told == [{"position": n, "verdict": "unknown", "matches": []} for n in range(45)]
    assert Probe.objects.get().found == 0


def test_near_misses_are_remembered_however_much_else_is_asked_between_them(ask, monkeypatch):
    monkeypatch.setattr(probing, "REMEMBERED", 30)
    chance = random.Random(10)
    for one in [*missing(chance, 12), by("pdq", variant(20))]:
        ask(one, *[by("pdq", f"{chance.getrandbits(256):064x}") for _ in range(40)])
    assert Probe.objects.count() == 1


def test_near_misses_of_what_the_caller_may_not_ask_about_are_not_counted(ask):
    chance = random.Random(11)
    for value in ("0", "f", "5"):  # another's list, disputed, harmless
        ask(*missing(chance, 45, value * 64))
    assert not Probe.objects.exists()


def test_variants_that_were_told_do_not_raise_another_alarm():
    watcher, entry = api.Watcher(), words_of([PDQ])[0]
    chance = random.Random(12)
    near = [(one["hashes"][0]["value"], n == 0) for n, one in enumerate(missing(chance, 20))]
    assert watcher.see(1, near[:10], [entry] * 10) == Suspicion(10, 1)
    assert watcher.see(1, near, [entry] * 20) is None
    assert watcher.see(2, near, [entry] * 20) == Suspicion(20, 1)


def probed(watcher: api.Watcher, pictures: int, seed: int) -> list[Suspicion | None]:
    """What is told when that many pictures are probed, one after the other, each in one request."""
    chance, told = random.Random(seed), []
    for _ in range(pictures):
        value = f"{chance.getrandbits(256):064x}"
        near = [
            (one["hashes"][0]["value"], n < 4) for n, one in enumerate(missing(chance, 10, value))
        ]
        told.append(watcher.see(1, near, [words_of([value])[0]] * 10))
    return told


def test_an_alarm_hides_no_other_picture_and_a_mass_of_them_is_told_in_few():
    told = probed(api.Watcher(), 70, seed=13)
    alarms = [(n, one.pictures) for n, one in enumerate(told, start=1) if one]
    assert alarms == [(1, 1), (2, 1), (4, 2), (8, 4), (16, 8), (32, 16), (64, 32)]
    assert told[3] == Suspicion(variants=20, found=8, pictures=2)


def test_what_waited_is_told_with_the_first_question_after_the_hour(monkeypatch):
    watcher = api.Watcher()
    assert [bool(one) for one in probed(watcher, 3, seed=14)] == [True, True, False]
    assert watcher.see(1, [("0" * 64, False)]) is None
    monkeypatch.setattr(probing, "QUIET", 0.0)
    assert watcher.see(1, [("f" * 64, False)]) == Suspicion(10, 4)


def test_more_variants_of_a_picture_that_was_told_are_no_other_picture(monkeypatch):
    watcher, entry, chance = api.Watcher(), words_of([PDQ])[0], random.Random(15)
    near = [(one["hashes"][0]["value"], n % 8 < 4) for n, one in enumerate(missing(chance, 32))]
    told = [watcher.see(1, near[at : at + 8], [entry] * 8) for at in (0, 8, 16, 24)]
    assert told == [Suspicion(8, 4), None, None, None]
    monkeypatch.setattr(probing, "QUIET", 0.0)
    assert watcher.see(1, [("f" * 64, False)]) == Suspicion(24, 12)


def test_a_few_variants_of_each_of_several_pictures_add_up_to_an_alarm():
    watcher, chance, told = api.Watcher(), random.Random(16), []
    for _ in range(12):
        value = f"{chance.getrandbits(256):064x}"
        near = [
            (one["hashes"][0]["value"], n < 4) for n, one in enumerate(missing(chance, 7, value))
        ]
        told.append(watcher.see(1, near, [words_of([value])[0]] * 7))
    assert [n for n, one in enumerate(told, start=1) if one] == [5, 10]
    assert told[4] == Suspicion(variants=35, found=20, pictures=5)


def test_known_pictures_saved_anew_add_up_to_none():
    watcher, chance = api.Watcher(), random.Random(17)
    for _ in range(40):
        value = f"{chance.getrandbits(256):064x}"
        near = [(turned(value, chance.sample(range(256), bits)), True) for bits in range(2, 9)]
        assert watcher.see(1, near, [words_of([value])[0]] * 7) is None


def test_many_that_have_nothing_to_do_with_each_other_raise_none(ask):
    chance = random.Random(6)
    some = [f"{chance.getrandbits(256):064x}" for _ in range(600)]
    ask(*[by("pdq", value) for value in some], by("pdq", PDQ), by("pdq", variant(20)))
    assert not Probe.objects.exists()


def test_what_is_on_a_sheet_is_watched_too():
    chance = random.Random(7)
    parts = [turned(PDQ, chance.sample(range(256), bits)) for bits in range(24, 40)]
    seen = Verdict(parts=tuple(Verdict(listed=(object(),) * (n < 8)) for n in range(16)))
    near = api._near(Hashed({}, tuple(parts)), seen)
    assert [found for _value, found in near] == [True] * 8 + [False] * 8
    assert api.Watcher().see(1, near)


def test_what_was_not_looked_at_in_time_is_to_be_asked_again(ask, lists, monkeypatch):
    monkeypatch.setattr(hashing, "SECONDS", 0)
    listed(lists[0], "sha1", hashlib.sha1(b"words").hexdigest())
    known, late = ask(file(b"words"), file(PICTURE))
    assert known["verdict"] == "known", "its bytes are"
    assert "verdict" not in late and late["problem"]["status"] == 503


def turned(value: str, bits: list[int]) -> str:
    """The same value with these bits turned."""
    return f"{int(value, 16) ^ sum(1 << bit for bit in bits):064x}"


def test_the_same_picture_over_and_over_or_many_that_are_alike_and_known_raise_none(ask):
    ask(*[by("pdq", PDQ)] * 200, *[by("pdq", variant(33))] * 200)
    ask(*[by("pdq", variant(bits)) for bits in range(31)])
    others = [hash_picture(saved(colours(seed, 200, 150))).pdq.value for seed in range(2, 30)]
    ask(*[by("pdq", value) for value in others])
    assert not Probe.objects.exists()


def test_in_one_batch_and_by_bytes_it_raises_one_as_well(ask):
    ask(*[by("pdq", variant(bits)) for bits in range(25, 40)])
    assert Probe.objects.count() == 1
    noisy = [PICTURE + bytes([n]) for n in range(3)]
    assert {one["verdict"] for one in ask(*map(file, noisy))} == {"similar"}
