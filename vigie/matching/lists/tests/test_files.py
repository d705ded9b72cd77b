"""Files into lists: a row goes in, what is none is set aside, and the next one still counts."""

import hashlib
import json
import tracemalloc

import pytest

from vigie.journal.models import Entry
from vigie.matching.known import Known, known_as
from vigie.matching.lists.loading import list_named, load_file
from vigie.matching.lists.lookup import hits
from vigie.matching.lists.tests.support import loaded, on, value, vics
from vigie.matching.lists.vics import rows as vics_rows
from vigie.matching.models import HashList, ListedHash, SetAside

pytestmark = [pytest.mark.django_db(databases="__all__"), pytest.mark.rest]
ICSE = (
    "MD5;SHA1;PhotoDNA;Image ID;Is distributed;Victim identified;Offender identified;"
    "Series name;Number of submissions;File Available;Media Type;Baseline\n"
)


def aside() -> list[tuple[int, str]]:
    return list(SetAside.objects.order_by("line").values_list("line", "reason"))


@pytest.mark.parametrize("kind", ["md5", "sha1", "sha256", "pdq", "photodna"])
def test_one_value_a_line_goes_in_in_any_case_and_bad_lines_are_set_aside(kind, tmp_path):
    good = [value(kind, n) for n in range(3)]
    text = f"# a remark\n{good[0].upper()}  # one\n\n{good[1]},\r\n{'f' * 31}\nnothing\n {good[2]}"
    did = loaded(tmp_path, kind, text)
    assert on() == {(kind, v) for v in good}
    assert aside() == [(5, "not a value"), (6, "not a value")]
    assert (did.count.new, did.set_aside, did.whole) == (3, 2, True)


@pytest.mark.parametrize("kind", ["md5", "sha1", "sha256"])
def test_what_an_empty_file_has_is_set_aside_and_never_recognises_what_failed_to_arrive(
    kind, tmp_path
):
    empty = hashlib.new(kind).hexdigest().upper()
    loaded(tmp_path, kind, f"{empty}\n{value(kind, 1)}\n")
    loaded(tmp_path, "vics", vics([{"MediaID": 1, "Category": 1, kind.upper(): empty}]))
    assert (on(), aside()) == ({(kind, value(kind, 1))}, [(1, "of an empty file")] * 2)


def test_the_same_file_again_changes_nothing_and_its_bad_rows_are_counted_once(tmp_path):
    for _ in range(2):
        loaded(tmp_path, "md5", f"{value('md5', 1)}\nbad\n")
    assert (ListedHash.objects.count(), SetAside.objects.count()) == (1, 1)
    assert Entry.objects.filter(verb="list.loaded").count() == 1


def test_a_table_is_read_by_its_header_whatever_divides_its_cells(tmp_path):
    md5, sha1 = value("md5", 1), value("sha1", 1)
    for number, mark in enumerate(",;\t"):
        head, row = mark.join(["name", "SHA-1", "MD5"]), mark.join(['"x"', sha1, md5])
        loaded(tmp_path, "csv", f"{head}\n{row}\n", name=f"list {number}")
        assert on(f"list {number}") == {("md5", md5), ("sha1", sha1)}


def test_a_row_may_go_over_several_lines_and_a_quote_too_many_swallows_no_other(tmp_path):
    one, two, three, four = (value("md5", n) for n in range(4))
    rows = [
        f'1,{one},"two\n\n""lines""",baseline',
        f'2,{two},"not closed,baseline',
        f"3,{three},x\u2028y,national",
        f'4,{four},"nor this,baseline',
    ]
    loaded(tmp_path, "csv", "\n".join(["id,md5,note,classification", *rows, ""]))
    found = ListedHash.objects.order_by("external_id")
    assert list(found.values_list("external_id", "value", "classification")) == [
        ("1", one, "baseline"),
        ("3", three, "national"),
    ]
    assert aside() == [(5, "too few cells"), (7, "too few cells")]


def test_a_remark_in_the_header_does_not_say_what_divides_the_cells(tmp_path):
    loaded(tmp_path, "csv", f'"name; of; the; file",md5\n"x",{value("md5", 1)}\n')
    assert on() == {("md5", value("md5", 1))}


def test_a_file_that_was_read_in_a_wrong_layout_can_be_read_in_the_right_one(tmp_path):
    text = f"md5,id\n{value('md5', 1)},one\n{value('md5', 2)},two\n"
    loaded(tmp_path, "md5", text)
    assert (on(), len(aside())) == (set(), 3)
    did = loaded(tmp_path, "csv", text)
    assert on() == {("md5", value("md5", 1)), ("md5", value("md5", 2))}
    assert (did.count.new, aside()) == (2, [])


def test_a_file_that_is_in_already_can_be_said_to_be_the_whole_list(tmp_path):
    first, second = value("md5", 1), value("md5", 2)
    loaded(tmp_path, "md5", f"{first}\n{second}\n")
    loaded(tmp_path, "md5", f"{first}\n")
    assert on() == {("md5", first), ("md5", second)}
    did = loaded(tmp_path, "md5", f"{first}\n", replace=True)
    assert (on(), did.count.withdrawn) == ({("md5", first)}, 1)


def test_interpols_table_brings_its_ids_and_its_baseline(tmp_path):
    row = "{};{};;{};True;False;False;A series;3;True;Image;{}\n"
    text = ICSE + row.format(value("md5", 1), value("sha1", 1), 17, "True")
    text += row.format(value("md5", 2), value("sha1", 2), 18, "False") + "too;short\n"
    loaded(tmp_path, "csv", text)
    found = ListedHash.objects.filter(kind="md5").order_by("external_id")
    words = [(row.external_id, row.given, row.classification) for row in found]
    assert words == [("17", "True", "baseline"), ("18", "False", "national")]
    assert aside() == [(4, "too few cells")]


@pytest.mark.parametrize("version", ["1.3", "2.0"])
@pytest.mark.parametrize("cases", [False, True])
def test_project_vics_files_of_both_versions_as_cases_or_as_a_hash_set(version, cases, tmp_path):
    other = [{"HashName": "PhotoDNA", "HashValue": value("photodna", 1)}]
    media = [
        {"MediaID": 1, "Category": 1, "MD5": value("md5", 1).upper(), "AlternativeHashes": other},
        {"MediaID": 2, "Category": "0", "SHA1": value("sha1", 2), "MD5": None},
        {"MediaID": 3, "Category": 1, "MD5": "nonsense"},
        {"MediaID": 4, "Category": 1},
        "no object",
        {"MediaID": 10**30, "Category": 7, "MD5": value("md5", 5), "MediaFiles": [{"a": [1, {}]}]},
    ]
    loaded(tmp_path, "vics", vics(media, version, cases))
    assert on() == {
        ("md5", value("md5", 1)),
        ("photodna", value("photodna", 1)),
        ("sha1", value("sha1", 2)),
        ("md5", value("md5", 5)),
    }
    assert aside() == [(3, "not a value"), (4, "no value"), (5, "not an entry")]
    claims = dict(ListedHash.objects.values_list("given", "classification"))
    assert claims == {"1": "national", "0": "harmless", "7": ""}


def test_a_time_that_no_calendar_has_sets_its_row_aside_and_the_others_go_in(tmp_path):
    times = ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-01:00", "0001-01-01T00:00:00", "now"]
    media = [{"MD5": value("md5", n), "DateUpdated": said} for n, said in enumerate(times)]
    loaded(tmp_path, "vics", vics(media))
    assert on() == {("md5", value("md5", 2)), ("md5", value("md5", 3))}
    assert aside() == [(1, "time out of range"), (2, "time out of range")]


LONG = json.dumps("x" * 5_000_000)
HUGE = {
    "a field": f'{{"MD5": "%s", "Notes": {LONG}}}',
    "a value": f'{{"MD5": {LONG}}}',
    "a key": f'{{{LONG}: 1, "MD5": 7}}',
    "a row": LONG,
    "a deep row": "[" * 200_000 + "]" * 200_000,
    "a deep field": '{"MD5": "%s", "a": ' + '{"a":[' * 50_000 + "]}" * 50_000 + "}",
    "a number": "1" * 5_000_000,
}


@pytest.mark.parametrize("cases", [False, True])
@pytest.mark.parametrize("name", HUGE)
def test_a_row_that_is_too_large_or_too_deep_is_set_aside_and_the_others_go_in(
    name, cases, tmp_path
):
    rows = [{"MediaID": n, "MD5": value("md5", n)} for n in range(3)]
    text = vics(rows, cases=cases).replace(json.dumps(rows[1]), HUGE[name].replace("%s", "a" * 32))
    did = loaded(tmp_path, "vics", text)
    assert on() == {("md5", value("md5", 0)), ("md5", value("md5", 2))}
    reason = "not a value" if name == "a key" and not cases else "too long or too deep"
    assert (aside(), did.whole, did.rows) == ([(2, reason)], True, 3)


def test_what_a_case_says_beside_its_media_may_be_of_any_size(tmp_path):
    rows = [{"MediaID": n, "MD5": value("md5", n)} for n in range(2)]
    text = vics(rows, cases=True).replace('"CaseID": "1"', f'"Notes": {LONG}, "CaseID": "1"')
    assert loaded(tmp_path, "vics", text).whole
    assert (len(on()), aside()) == (2, [])


def test_of_many_rows_that_are_too_large_little_is_in_memory_at_once(tmp_path):
    """Many fields below the limit, and one far beyond it."""
    half = json.dumps(["y" * 1_000] * 3_000)
    fields = ",".join(f'"f{n}": {half}' for n in range(8))
    text = vics([{"MD5": value("md5", 1)}]).replace("[{", f"[{{{fields}}}, {LONG * 3}, {{")
    del half, fields
    path = tmp_path / "large.json"
    path.write_text(text.replace('""', ""))
    del text
    tracemalloc.start()
    with path.open("rb") as file:
        found = [row for _number, row in vics_rows(file)]
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [getattr(row, "reason", "") for row in found] == ["no value", "too long or too deep", ""]
    assert most < 40_000_000


def test_what_a_list_calls_harmless_is_no_hit(tmp_path):
    loaded(tmp_path, "vics", vics([{"MediaID": 1, "Category": 0, "MD5": value("md5", 1)}]))
    assert known_as([{"md5": value("md5", 1)}], ()) == [None]


def test_a_list_that_is_not_in_use_has_no_hits(tmp_path):
    loaded(tmp_path, "md5", value("md5", 1))
    assert known_as([{"md5": value("md5", 1)}], ()) == [Known("a list", same=True)]
    HashList.objects.update(active=False)
    assert not hits({"md5": value("md5", 1)})


def test_a_table_without_any_known_column_is_refused_and_withdraws_nothing(tmp_path):
    loaded(tmp_path, "md5", value("md5", 1))
    did = loaded(tmp_path, "csv", "colour,size\nred,3\n", replace=True)
    assert not did.whole
    assert aside() == [(1, "no known column")]
    assert on() == {("md5", value("md5", 1))}


def test_a_whole_list_withdraws_what_it_no_longer_has_and_an_empty_file_does_not(tmp_path):
    loaded(tmp_path, "md5", "\n".join(value("md5", n) for n in range(3)))
    loaded(tmp_path, "md5", f"{value('md5', 1)}\n{value('md5', 9)}", replace=True)
    assert on() == {("md5", value("md5", 1)), ("md5", value("md5", 9))}
    loaded(tmp_path, "md5", "", replace=True)
    assert len(on()) == 2
    loaded(tmp_path, "md5", value("md5", 0))
    assert ("md5", value("md5", 0)) in on(), "what comes again stands again"


def test_a_whole_list_with_rows_that_cannot_be_read_withdraws_nothing_until_they_are_mended(
    tmp_path,
):
    good = [("md5", value("md5", 1)), ("pdq", value("pdq", 1))]
    head, cells = "id,md5,pdq\n", f"{good[0][1]},{good[1][1]}\n"
    loaded(tmp_path, "csv", f"{head}1,{cells}2,{value('md5', 2)},{value('pdq', 2)}\n", replace=True)
    did = loaded(tmp_path, "csv", f"{head}1,{cells[1:]}", replace=True)
    assert (did.withheld, did.count.withdrawn, did.set_aside, len(on())) == (True, 0, 1, 4)
    for _ in range(2):
        did = loaded(tmp_path, "csv", f"{head}1,{cells[1:]}", replace=True)
        assert (did.withheld, did.set_aside) == (True, 1), "as long as it is so"
    did = loaded(tmp_path, "csv", f"{head}1,{cells}\n", replace=True)
    assert (did.withheld, did.count.withdrawn, on(), aside()) == (False, 2, set(good), [])


def test_a_whole_list_that_lacks_nothing_is_whole_whatever_else_stands_in_it(tmp_path):
    loaded(tmp_path, "md5", f"{value('md5', 1)}\n{value('md5', 2)}\n", replace=True)
    text = f"{value('md5', 1)}\n{value('md5', 2)}\nbad\n"
    for _ in range(2):
        did = loaded(tmp_path, "md5", text, replace=True)
        assert (did.withheld, did.set_aside, aside()) == (False, 1, [(3, "not a value")])
    assert len(on()) == 2


def test_rows_set_aside_are_named_by_their_file_and_gone_when_it_was_corrected(tmp_path):
    path, into = tmp_path / "of May.csv", list_named("a list")
    for text, left in (("bad\nworse\n", 2), (value("md5", 1), 0)):
        path.write_text(text)
        load_file(into, path, "md5", "tests")
        assert SetAside.objects.filter(where="of May.csv").count() == left
    path.write_text("bad")
    load_file(into, path, "md5", "tests")
    loaded(tmp_path, "md5", "another's\n")
    assert SetAside.objects.count() == 2


TRUNCATED = vics({"MediaID": n, "MD5": value("md5", n)} for n in range(1200))[:-40]


def test_a_file_that_breaks_off_keeps_what_came_before_and_says_so(tmp_path):
    did = loaded(tmp_path, "vics", TRUNCATED, replace=True)
    assert not did.whole
    assert len(on()) == 1199
    assert aside() == [(1200, "not JSON from here")]
    assert HashList.objects.get().read_at is None


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"{",
        b'{"value": 3}',
        b"[" * 100_000,
        b'{"value":[' + b'{"a":' * 100_000,
        b'{"value":[' + b"9" * 5000 + b"]}",
        b'{"value":[{"MediaID":1e999999999,"MD5":1}]}',
        b'{"value":[{"MD5":"' + b"a" * 5_000_000 + b'"}]}',
        b'{"value":[{"MediaID":"\\ud800\\u0000","MD5":"%s"}]}' % (b"a" * 32),
        b'{"value":[{"MediaID":"%s","MD5":"%s"}]}' % (b"1" * 500, b"a" * 32),
        b"%PDF-1.4 \x00\x01\x02\xff",
    ],
)
@pytest.mark.parametrize("layout", ["vics", "csv", "md5"])
def test_hostile_files_end_in_set_aside_rows_and_in_nothing_else(text, layout, tmp_path):
    loaded(tmp_path, layout, text)
    assert on() == set()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be"])
def test_a_byte_order_mark_is_no_part_of_the_first_value(encoding, tmp_path):
    mark = b"\xfe\xff" if encoding == "utf-16-be" else b""
    text = mark + f"{value('md5', 1)}\né\n{value('md5', 2)}\n".encode(encoding)
    loaded(tmp_path, "md5", text)
    assert on() == {("md5", value("md5", 1)), ("md5", value("md5", 2))}
    body = mark + vics([{"MediaID": "é", "MD5": value("md5", 3)}]).encode(encoding)
    loaded(tmp_path, "vics", body, name="of Project VIC")
    assert on("of Project VIC") == {("md5", value("md5", 3))}


def test_a_line_without_end_is_set_aside_and_the_next_one_counts(tmp_path):
    text = f"{value('md5', 1)}\n{'f' * 400_000}\n{value('md5', 2)}\n"
    loaded(tmp_path, "md5", text)
    assert (len(on()), aside()) == (2, [(2, "line too long")])


def test_wrong_bytes_spoil_their_line_alone(tmp_path):
    loaded(tmp_path, "md5", b"\xff\xfa\x00bad\n" + value("md5", 1).encode())
    assert (on(), aside()) == ({("md5", value("md5", 1))}, [(1, "not a value")])


def test_the_context_may_stand_behind_the_media(tmp_path):
    body = json.loads(vics([{"MediaID": 1, "MD5": value("md5", 1)}]))
    loaded(tmp_path, "vics", json.dumps(dict(reversed(body.items()))))
    assert on() == {("md5", value("md5", 1))}
