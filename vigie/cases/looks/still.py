"""One small still of a picture, made in a limited process: bytes in, JPEG out. No Django.

Colour is taken out on the page (and given back while held), as is the blur: the still itself is
at most 360 pixels wide (1,200 where STILL_LARGE is set), of edges alone where STILL_OUTLINES is,
and carries no metadata.
"""

import io
import os
import sys
import warnings

from PIL import Image, ImageFile, ImageFilter, ImageOps

from vigie.lib.webp import is_webp, made_whole

LONGEST_SIDE, LARGE_SIDE = 360, 1200
MOST_PIXELS = 50_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "AVIF")


def still_of(data: bytes, side: int = LONGEST_SIDE, *, outlines: bool = False) -> bytes:
    """A JPEG of at most ``side`` × ``side``. Raises what Pillow raises."""
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        small = _opened(data, side)
    except Exception:
        if not is_webp(data):
            raise
        small = _opened(made_whole(data), side)  # as it was hashed, if its end is missing
    small.thumbnail((side, side))
    small = outlined(small) if outlines else small
    clean = Image.frombytes("RGB", small.size, small.tobytes())
    output = io.BytesIO()
    clean.save(output, "JPEG", quality=70)
    return output.getvalue()


def _opened(data: bytes, side: int) -> Image.Image:
    with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
        picture.draft("RGB", (side * 2, side * 2))
        return ImageOps.exif_transpose(picture).convert("RGB")


def outlined(picture: Image.Image) -> Image.Image:
    """Its edges, dark on white: no surface, no colour."""
    soft = picture.convert("L").filter(ImageFilter.GaussianBlur(1.5))
    edges = ImageOps.autocontrast(soft.filter(ImageFilter.FIND_EDGES), cutoff=(0, 2))
    inside = ImageOps.expand(ImageOps.crop(edges, 1), 1, 0)  # its border is no edge
    return ImageOps.invert(inside).convert("RGB")


if __name__ == "__main__":
    ImageFile.LOAD_TRUNCATED_IMAGES = True  # what there is of it is shown, as it was hashed
    wanted = LARGE_SIDE if os.environ.get("STILL_LARGE") else LONGEST_SIDE
    data, edges = sys.stdin.buffer.read(), "STILL_OUTLINES" in os.environ
    sys.stdout.buffer.write(still_of(data, wanted, outlines=edges))
