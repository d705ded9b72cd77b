"""A soft hint for who moderates: does a card seem to show a person?

A limited child (`lib.nursery`) calls `answer`: one JPEG in, a number out. OpenCV's frontal-face
cascade misses many faces and sometimes takes a cat for one: it decides nothing.
"""

import cv2
import numpy as np

from vigie.lib.limited import LimitedFailed
from vigie.lib.nursery import Nursery

SIDE = 480  # pixels: enough for a face that matters on a card, and fast
LEAST = 48
FACES = Nursery("vigie.campaign.wall.faces", seconds=20, memory_mb=1024)


def count(jpeg: bytes) -> int:
    cv2.setNumThreads(1)
    grey = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_REDUCED_GRAYSCALE_2)
    if grey is None:
        return 0
    scale = SIDE / max(grey.shape)
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    cascade = cv2.CascadeClassifier(
        f"{cv2.data.haarcascades}haarcascade_frontalface_default.xml"  # type: ignore[attr-defined]
    )
    return len(cascade.detectMultiScale(small, 1.1, 6, minSize=(LEAST, LEAST)))


def count_faces(card: bytes) -> int:
    """How many faces seem to be on a card of ours. A failure is no hint, and stops nothing."""
    try:
        return int(b"".join(FACES.ask(card)))
    except (LimitedFailed, ValueError):
        return 0


def answer(card: bytes) -> list[bytes]:
    return [str(count(card)).encode()]
