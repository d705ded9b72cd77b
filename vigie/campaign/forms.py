"""What the studio's form holds beside the photo. Whatever does not fit falls back to a default."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vigie.campaign.card.design import SIZES, Focus
from vigie.campaign.card.lettering import missing
from vigie.campaign.content import LANGUAGES

SIZE_NAMES = {
    "1080x1080": pgettext_lazy("size of a card", "Square"),
    "1080x1350": pgettext_lazy("size of a card", "Portrait"),
    "1080x1440": pgettext_lazy("size of a card", "Tall portrait"),
    "1080x1920": pgettext_lazy("size of a card", "Story"),
    "1200x630": pgettext_lazy("size of a card", "Wide"),
}
PLACES = {
    "upper": (_("the upper part"), 0.4),
    "middle": (_("the middle"), 0.5),
    "lower": (_("the lower part"), 0.75),
}
NAME_LENGTH = 30
JOINER = "\u200d"  # holds the parts of one emoji together


class StudioForm(forms.Form):
    """Never invalid: a card is made with what can be understood."""

    language = forms.CharField(required=False)
    size = forms.CharField(required=False)
    name = forms.CharField(required=False)  # `one_line` shortens it
    mine = forms.BooleanField(required=False)
    place = forms.CharField(required=False)
    x = forms.FloatField(required=False)
    y = forms.FloatField(required=False)
    zoom = forms.FloatField(required=False)
    once = forms.UUIDField(required=False)
    kit = forms.SlugField(required=False, max_length=40)
    act = forms.CharField(required=False)
    consent = forms.BooleanField(required=False)
    age = forms.CharField(required=False)

    def _get(self, name: str) -> object:
        if not hasattr(self, "cleaned_data"):
            self.is_valid()
        return self.cleaned_data.get(name)

    def language_or(self, usual: str) -> str:
        chosen = self._get("language")
        return str(chosen) if chosen in LANGUAGES else usual

    @property
    def chosen_size(self) -> str:
        chosen = self._get("size")
        return str(chosen) if chosen in SIZES else "1080x1080"

    @property
    def carried(self) -> str:
        """What further addresses of the studio need, so that an ambassador's cards are counted."""
        return f"?kit={self.kit_code}" if self.kit_code else ""

    @property
    def kit_code(self) -> str:
        return str(self._get("kit") or "")

    @property
    def pet(self) -> str:
        """The animal's name, as the wall shows it."""
        return one_line(str(self._get("name") or ""))

    @property
    def unwritten(self) -> str:
        """What the hand cannot write of the name: it is not on the card."""
        return left_out(self.pet)

    @property
    def focus(self) -> Focus:
        _label, height = PLACES.get(str(self._get("place")), PLACES["upper"])
        return Focus(
            _share(self._get("x"), 0.5), _share(self._get("y"), height), _zoom(self._get("zoom"))
        )

    @property
    def number(self) -> uuid.UUID:
        """The page's own number: the same page sent twice is one card."""
        once = self._get("once")
        return once if isinstance(once, uuid.UUID) else uuid.uuid4()


def one_line(name: str) -> str:
    """A name in one line, not too long, without what cannot be printed."""
    text = " ".join(name.split())
    kept = "".join(c for c in text if c.isprintable() or c == JOINER)[:NAME_LENGTH]
    return kept.strip(" " + JOINER)


def writable(name: str) -> str:
    """What the hand can write of a name: it has no emoji, and not every script."""
    return "".join(c for c in one_line(name) if c != JOINER and not missing(c)).strip()


def left_out(name: str) -> str:
    """The characters of a name that `writable` leaves out, each once."""
    shown = one_line(name)
    return missing(shown.replace(JOINER, "")) if shown else ""


def _share(value: object, usual: float) -> float:
    return min(max(value, 0.0), 1.0) if isinstance(value, float) and value == value else usual


def _zoom(value: object) -> float:
    return min(max(value, 1.0), 4.0) if isinstance(value, float) and value == value else 1.0
