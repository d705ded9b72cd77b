"""One small still of a picture, made in a limited process: bytes in, JPEG out. No Django.

Colour is taken out on the page (and given back while held), as is the blur: the still itself is
at most 360 pixels wide and carries no metadata.
"""

import io
import sys
import warnings

from PIL import Image, ImageOps

LONGEST_SIDE = 360
MOST_PIXELS = 50_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "AVIF")


def still_of(data: bytes) -> bytes:
    """A JPEG of at most 360×360. Raises what Pillow raises."""
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
        picture.draft("RGB", (LONGEST_SIDE * 2, LONGEST_SIDE * 2))
        small = ImageOps.exif_transpose(picture).convert("RGB")
    small.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    clean = Image.frombytes("RGB", small.size, small.tobytes())
    output = io.BytesIO()
    clean.save(output, "JPEG", quality=70)
    return output.getvalue()


if __name__ == "__main__":
    sys.stdout.buffer.write(still_of(sys.stdin.buffer.read()))
