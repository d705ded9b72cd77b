"""The press pack, made once for each version of a campaign."""

import threading
from pathlib import Path
from tempfile import NamedTemporaryFile, _TemporaryFileWrapper

from vigie.campaign.kits import material
from vigie.campaign.models import Campaign
from vigie.campaign.motif import Motif, motif_of
from vigie.campaign.room import PICTURES, Busy

MOST_KEPT = 2
Key = tuple[str, int, Motif]
_packing = threading.Lock()
# On the disk: who fetches seven megabytes slowly keeps none of our memory.
_kept: dict[Key, "_TemporaryFileWrapper[bytes]"] = {}


def pack_of(campaign: Campaign) -> Path:
    """The ZIP. Raises `Busy` while it is being made for somebody else, or there is no room.

    To make it takes ten seconds: nobody waits for another's, or the waiting would take the threads
    in which reports are answered.
    """
    key = (campaign.slug, campaign.version, motif_of(campaign))
    if file := _kept.get(key):
        return Path(file.name)
    if not _packing.acquire(blocking=False):
        raise Busy
    try:
        if key not in _kept:
            with PICTURES:
                _make(key, campaign)
        return Path(_kept[key].name)
    finally:
        _packing.release()


def _make(key: Key, campaign: Campaign) -> None:
    file = NamedTemporaryFile(prefix=f"{campaign.slug}-", suffix=".zip")  # noqa: SIM115 – kept open
    file.write(material.press_pack(campaign.says, key[2]))
    file.flush()
    _kept[key] = file
    while len(_kept) > MOST_KEPT:
        _kept.pop(next(iter(_kept)))


def forget() -> None:
    """The next pack is made anew."""
    _kept.clear()
