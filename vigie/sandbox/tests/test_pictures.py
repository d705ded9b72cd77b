import hashlib
import io
import subprocess
import sys
from itertools import combinations

import numpy as np
import pdqhash
import pytest
from PIL import Image

from vigie.sandbox.pictures import CONTENT_TYPES, FORMATS, SIZE, picture

SEEDS = [f"seed {number}" for number in range(24)]


def pdq(content: bytes) -> tuple[np.ndarray, int]:
    with Image.open(io.BytesIO(content)) as image:
        bits, quality = pdqhash.compute(np.asarray(image.convert("RGB")))
    return bits, quality


@pytest.mark.parametrize("extension", sorted(FORMATS))
def test_a_picture_is_what_its_name_says(extension: str) -> None:
    with Image.open(io.BytesIO(picture("a", extension))) as image:
        image.load()
        assert image.format == FORMATS[extension]
        assert image.size == SIZE
    assert CONTENT_TYPES[extension].startswith("image/")


def test_distinct_seeds_give_distinct_files() -> None:
    digests = {hashlib.sha256(picture(seed, "jpg")).digest() for seed in SEEDS}
    assert len(digests) == len(SEEDS)


def test_distinct_seeds_lie_far_apart_and_hash_well() -> None:
    hashes = [pdq(picture(seed, "jpg")) for seed in SEEDS]
    assert min(quality for _, quality in hashes) >= 90
    assert min(int((a != b).sum()) for (a, _), (b, _) in combinations(hashes, 2)) > 62


def test_the_formats_of_one_seed_look_alike() -> None:
    jpeg, png, webp = (pdq(picture("a", extension))[0] for extension in ("jpg", "png", "webp"))
    assert int((jpeg != png).sum()) <= 16
    assert int((jpeg != webp).sum()) <= 16


def test_another_process_draws_the_same_bytes() -> None:
    script = (
        "import sys, hashlib; from vigie.sandbox.pictures import picture;"
        "sys.stdout.write(hashlib.sha256(picture('a', 'jpg')).hexdigest())"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert done.stdout.decode() == hashlib.sha256(picture("a", "jpg")).hexdigest()
