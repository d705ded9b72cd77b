"""One small still of a picture, made in a limited process: bytes in, JPEG out. No Django.

Colour is taken out on the page (and given back while held), as is the blur: the still itself is
at most 360 pixels wide (1,200 where STILL_LARGE is set) and carries no metadata.
"""

import io
import os
import sys
import warnings

from PIL import Image, ImageOps

LONGEST_SIDE, LARGE_SIDE = 360, 1200
MOST_PIXELS = 50_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "AVIF")


def still_of(data: bytes, side: int = LONGEST_SIDE) -> bytes:
    """A JPEG of at most ``side`` × ``side``. Raises what Pillow raises."""
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
        picture.draft("RGB", (side * 2, side * 2))
        small = ImageOps.exif_transpose(picture).convert("RGB")
    small.thumbnail((side, side))
    clean = Image.frombytes("RGB", small.size, small.tobytes())
    output = io.BytesIO()
    clean.save(output, "JPEG", quality=70)
    return output.getvalue()


if __name__ == "__main__":
    wanted = LARGE_SIDE if os.environ.get("STILL_LARGE") else LONGEST_SIDE
    sys.stdout.buffer.write(still_of(sys.stdin.buffer.read(), wanted))
