"""Draw the sandbox's film: a cat and a ball that moves; eight seconds, without sound.

python -m vigie.sandbox.filming vigie/sandbox/static/film.webm
"""

import sys
from typing import Any

import cv2
import numpy as np

SIZE, FRAMES, A_SECOND = (320, 240), 64, 8
INK, FUR, PAPER, BALL = (42, 36, 31), (90, 150, 230), (222, 232, 236), (60, 90, 200)


def frame(number: int) -> Any:
    """Nothing but darkness at first, as many films begin."""
    image = np.full((SIZE[1], SIZE[0], 3), PAPER, np.uint8)
    if number < 4:
        image[:] = 0
        return image
    x, y = 120 + number, 140
    for side in (-1, 1):
        ear = np.array([(x + side * 44, y - 16), (x + side * 36, y - 74), (x, y - 44)])
        cv2.fillPoly(image, [ear], FUR)
    cv2.circle(image, (x, y), 46, FUR, -1)
    for side in (-1, 1):
        cv2.ellipse(image, (x + side * 18, y - 8), (5, 9), 0, 0, 360, INK, -1)
    cv2.circle(image, (4 * number, 210 - (number * 7) % 40), 12, BALL, -1)
    return image


def main() -> None:
    kind = cv2.VideoWriter.fourcc(*"VP80")
    film = cv2.VideoWriter(sys.argv[1], cv2.CAP_FFMPEG, kind, A_SECOND, SIZE)
    for number in range(FRAMES):
        film.write(frame(number))
    film.release()


if __name__ == "__main__":
    main()
