"""`vigie screen` of an S3 prefix and on several machines: the same lines as of a folder on one.

Both need `make .venv/ray.stamp`; without it these tests are skipped.
"""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from vigie.matching.engine.index import Entry, Index
from vigie.matching.engine.luma import hash_picture
from vigie.matching.engine.tests.pictures import colours, saved
from vigie.matching.screen.tests.support import lines_in, screened, started

pytestmark = [
    pytest.mark.pure,
    pytest.mark.matrix,
    pytest.mark.filterwarnings("default"),  # theirs
]


@pytest.fixture
def index(tmp_path: Path) -> Path:
    with Index(tmp_path / "index") as made:
        made.set_list("partner", threshold=31, action="propose")
        made.change([Entry("partner", 7, hash_picture(saved(colours(1, 800, 600))).pdq.value)])
    return tmp_path / "index"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "files/below").mkdir(parents=True)
    for number in range(160):
        name = "below/" * (number % 2) + f"{number}.png"
        (tmp_path / "files" / name).write_bytes(saved(colours(number % 5, 200, 150)))
    (tmp_path / "files/words.txt").write_bytes(b"words")
    return tmp_path / "files"


@pytest.fixture
def bucket(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A server that speaks S3, and in it the folder."""
    boto3 = pytest.importorskip("boto3")
    pytest.importorskip("moto")
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    for name, value in {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    words = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    server = subprocess.Popen(words, stderr=subprocess.DEVNULL)
    try:
        until_it_answers(port)
        client = boto3.client("s3")
        client.create_bucket(Bucket="seized")
        for file in folder.rglob("*.*"):
            key = f"case 1/{file.relative_to(folder)}"
            client.put_object(Bucket="seized", Key=key, Body=file.read_bytes())
        client.put_object(Bucket="seized", Key="case 1/", Body=b"")
        client.put_object(Bucket="seized", Key="case 2/other.png", Body=b"another case")
        yield client
    finally:
        server.kill()
        server.wait()


def until_it_answers(port: int) -> None:
    for _ in range(300):
        with socket.socket() as asked:
            if asked.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("no server")


def below(start: str, lines: list[dict[str, Any]]) -> dict[str, Any]:
    """By the name below the folder or the prefix: each once."""
    found = {line["path"].removeprefix(start): {**line, "path": ""} for line in lines}
    assert len(found) == len(lines)
    return found


def test_an_s3_prefix_has_the_lines_of_the_folder(folder, index, bucket):
    of_bucket = below("s3://seized/case 1/", screened("s3://seized/case 1/", "--index", index))
    assert of_bucket == below(f"{folder}/", screened(folder, "--index", index))
    assert sum(bool(line["matches"]) for line in of_bucket.values()) == 32


def test_objects_above_the_limit_are_named_and_a_missing_bucket_is_said(bucket):
    lines = screened("s3://seized/case 1/", "--most-bytes", 10)
    assert sorted({line["outcome"] for line in lines}) == ["not_a_picture", "too_large"]
    wrong = started("s3://nowhere/", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    out, said = wrong.communicate()
    assert (wrong.returncode, out) == (2, b"")
    assert b"nowhere" in said or b"bucket does not exist" in said


def test_on_several_machines_the_lines_are_the_same_and_one_may_be_lost(folder, index, tmp_path):
    ray = pytest.importorskip("ray.cluster_utils")
    cluster = ray.Cluster(initialize_head=True, head_node_args={"num_cpus": 1})
    try:
        other = cluster.add_node(num_cpus=1)
        out = tmp_path / "lines.jsonl"
        run = started(folder, "--index", index, "--out", out, "--ray", cluster.address)
        for _ in range(1200):
            if run.poll() is not None or (out.exists() and out.stat().st_size):
                break
            time.sleep(0.05)
        assert run.poll() is None and len(lines_in(out)) < 161
        cluster.remove_node(other, allow_graceful=False)
        assert run.wait(timeout=120) == 0
    finally:
        cluster.shutdown()
    assert below(f"{folder}/", lines_in(out)) == below(
        f"{folder}/", screened(folder, "--index", index)
    )


def test_an_archive_is_not_spread(tmp_path):
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04")
    run = started(tmp_path / "a.zip", "--ray", "local", stderr=subprocess.PIPE)
    _out, said = run.communicate()
    assert run.returncode == 2 and b"leave out --ray" in said
