"""Text of strangers as staff see it: no sign may turn round or hide what stands beside it."""

import re

# What makes the text after it run the other way, or ends that. Scripts that run from right to left
# do without: browsers see the letters themselves.
_turning = re.compile("[\u202a-\u202e\u2066-\u2069]")


def visible(text: str) -> str:
    """``exe\\u202egnp`` would be shown as ``exepng``: the sign is written out."""
    return _turning.sub(lambda sign: f"⟨U+{ord(sign[0]):04X}⟩", text)
