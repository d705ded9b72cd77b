"""Cards for tests: one size, drawn once; and the child's memory, watched from outside."""

import io
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from PIL import Image

from vigie.campaign.card import make
from vigie.campaign.card.design import Colours, Focus, Wording

Card = Callable[[bytes], Image.Image]


@pytest.fixture(scope="session", autouse=True)
def reader() -> Iterator[None]:
    yield
    make.READER.close()
    make.HEIF_READER.close()


@pytest.fixture(scope="session")
def wording() -> Wording:
    lines = (
        "Pour chaque photo",
        "de chat, 78 images",
        "d’abus sexuels sur des",
        "enfants sont partagées.",
    )
    call = "Vous en voyez ? Signalez-les, même anonymement"
    return Wording(lines, "78", "#catsforkids", call, "stopchildporno.be")


@pytest.fixture(scope="session")
def bare() -> Card:
    """The photo alone, as it fills the smallest card: 1200 by 630."""

    def card(photo: bytes) -> Image.Image:
        made = make.make_cards(photo, {"1200x630": None}, Colours(), Focus(y=0.5))
        return Image.open(io.BytesIO(made.cards["1200x630"]))

    return card


class Peak:
    """The most memory that any child of the readers has taken, MiB."""

    def __init__(self) -> None:
        self.mb = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> int:
        self._stop.set()
        self._thread.join()
        return self.mb

    def _watch(self) -> None:
        while not self._stop.is_set():
            for reader in (make.READER, make.HEIF_READER):
                with suppress(OSError, AttributeError):
                    self._look(reader._process.pid)
            time.sleep(0.005)

    def _look(self, mother: int) -> None:
        for child in Path(f"/proc/{mother}/task/{mother}/children").read_text().split():
            lines = Path(f"/proc/{child}/status").read_text().splitlines()
            for line in lines:
                if line.startswith("VmHWM"):
                    self.mb = max(self.mb, int(line.split()[1]) // 1024)


@pytest.fixture
def peak() -> Iterator[Peak]:
    peak = Peak()
    yield peak
    peak.stop()
