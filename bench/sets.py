"""Sets of hashes to search in, and questions to them."""

import numpy as np

from vigie.matching.engine.rows import Words


def random_set(count: int) -> Words:
    return np.random.default_rng(11).integers(0, 2**64, (count, 4), dtype=np.uint64)


def structured_set(count: int) -> Words:
    """As real lists are: a third families of 100, a third of shared chunks, a tenth near empty."""
    random = np.random.default_rng(12)
    hashes = random_set(count)
    third, tenth = count // 3, count // 10
    for at in range(0, third, 100):
        near = random.integers(0, 2**64, (min(100, third - at), 4, 5), dtype=np.uint64)
        hashes[at : at + len(near)] = hashes[at] ^ np.bitwise_and.reduce(near, axis=2)
    chunks = hashes[third : 2 * third].view(np.uint16)
    common = random.integers(0, 1 << 16, (64, 16), dtype=np.uint16)
    shared = random.random(chunks.shape) < 0.5
    chunks[:] = np.where(shared, common[random.integers(0, 64, len(chunks))], chunks)
    hashes[-tenth:] &= random.integers(0, 2**64, (tenth, 4), dtype=np.uint64)
    hashes[-tenth:] &= random.integers(0, 2**64, (tenth, 4), dtype=np.uint64)
    return hashes


SETS = {"random": random_set, "structured": structured_set}


def queries_of(hashes: Words, count: int) -> list[str]:
    """Every second is 0 to 31 bits from a row of the set, the others are from nowhere."""
    random = np.random.default_rng(13)
    found = []
    for number in range(count):
        nowhere = random.integers(0, 2**64, 4, dtype=np.uint64)
        words = hashes[random.integers(len(hashes))] if number % 2 else nowhere
        bits = np.unpackbits(words.view(np.uint8))
        bits[random.choice(256, random.integers(0, 32), replace=False)] ^= 1
        found.append(np.packbits(bits).tobytes().hex())
    return found
