"""Which way up a picture is, as its EXIF says."""

from PIL import Image

ORIENTATION = 0x0112  # EXIF's tag


def orientation_of(picture: Image.Image) -> int:
    """1 to 8 as in EXIF; 1 where it says nothing that can be read. Never raises."""
    try:
        value = picture.getexif().get(ORIENTATION, 1)
    except Exception:  # whatever broken EXIF brings about, the picture may be well
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1
