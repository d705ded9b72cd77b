"""Addresses of Tor onion services, version 3: is this one, whole and without a slip? Pure.

rend-spec-v3, section 6: base32 of public key (32 bytes), checksum (2) and version (1); the checksum
is the beginning of SHA3-256 over ".onion checksum", key and version.
"""

import base64
import binascii
import hashlib

LETTERS = 56
VERSION = b"\x03"


def is_onion(host: str) -> bool:
    """``host`` without scheme and port, in small letters."""
    label, _, ending = host.partition(".")
    if ending != "onion" or len(label) != LETTERS or label != label.lower():
        return False
    try:
        data = base64.b32decode(label.upper())
    except binascii.Error:
        return False
    key, checksum, version = data[:32], data[32:34], data[34:]
    digest = hashlib.sha3_256(b".onion checksum" + key + version).digest()
    return version == VERSION and checksum == digest[:2]
