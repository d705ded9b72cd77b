"""Any picture's colours as sRGB. Runs in the limited child: profiles are hostile as well."""

import io

from PIL import Image, ImageCms

MOST_PROFILE_BYTES = 4_000_000
SRGB = ImageCms.createProfile("sRGB")
PRINTED = ImageCms.Flags.BLACKPOINTCOMPENSATION


def to_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """An RGB picture; ``picture`` is L, RGB or CMYK. A profile that does not fit is ignored."""
    if profile and len(profile) <= MOST_PROFILE_BYTES:
        try:
            return _converted(picture, profile)
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            pass
    return picture if picture.mode == "RGB" else picture.convert("RGB")


def _converted(picture: Image.Image, profile: bytes) -> Image.Image:
    given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    if picture.mode == "RGB" and (given.profile.profile_description or "").startswith("sRGB"):
        return picture
    done = ImageCms.profileToProfile(
        picture,
        given,
        SRGB,
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        outputMode="RGB",
        flags=PRINTED,
    )
    assert done is not None  # it is None only when a picture is changed in place
    return done
