"""Which way up a picture is, as its EXIF says."""

from PIL import Image

ORIENTATION = 0x0112  # EXIF's tag
# How a stored picture is put upright.
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def orientation_of(picture: Image.Image) -> int:
    """1 to 8 as in EXIF; 1 where it says nothing that can be read. Never raises."""
    try:
        value = picture.getexif().get(ORIENTATION, 1)
    except Exception:  # whatever broken EXIF brings about, the picture may be well
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def put_upright(picture: Image.Image, orientation: int) -> Image.Image:
    turn = UPRIGHT.get(orientation)
    return picture if turn is None else picture.transpose(turn)
