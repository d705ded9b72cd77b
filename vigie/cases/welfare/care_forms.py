"""How somebody wants stills to be shown to them: only what is not less than is demanded."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from vigie.cases.models.welfare import Blur
from vigie.cases.welfare.manner import BLURS, Manner
from vigie.people.forms import Described

OFTEN = (3, 5, 10, 20)


class WishForm(Described):
    """``demanded`` by the organisation is shown as chosen, and cannot be taken away."""

    blur = forms.ChoiceField(label=_("Blur, until I hold it"))
    grey = forms.BooleanField(label=_("Without colour, also while I hold it"), required=False)
    small = forms.BooleanField(label=_("At half its size"), required=False)
    negative = forms.BooleanField(label=_("Light and dark exchanged"), required=False)
    outlines = forms.BooleanField(
        label=_("Outlines alone"),
        help_text=_("A still of edges, without surfaces. It may not be enough to decide."),
        required=False,
    )
    calm_every = forms.TypedChoiceField(
        label=_("A quiet screen with a drawing"),
        help_text=_("Between two stills. Nothing is to be decided there; one key goes on."),
        coerce=int,
    )

    def __init__(
        self, *args: Any, demanded: Manner, wish: Manner | None = None, **kwargs: Any
    ) -> None:
        shown = demanded.with_wish(wish) if wish else demanded
        kwargs.setdefault("initial", {**vars(shown), "calm_every": wish.calm_every if wish else 0})
        super().__init__(*args, **kwargs)
        self.fields["blur"].choices = [  # type: ignore[attr-defined]
            (blur, Blur(blur).label) for blur in BLURS[BLURS.index(demanded.blur) :]
        ]
        self.fields["calm_every"].choices = _often(demanded.calm_every)  # type: ignore[attr-defined]
        for name in ("grey", "small"):
            self.fields[name].disabled = getattr(demanded, name)

    def wish(self) -> Manner:
        return Manner(**self.cleaned_data)


def _often(demanded: int) -> list[tuple[int, str]]:
    """As the organisation says, or more often."""
    here = _after(demanded) if demanded else _("none")
    chosen = [(n, _after(n)) for n in OFTEN if not demanded or n < demanded]
    return [(0, str(_("as set here: %(often)s") % {"often": here})), *chosen]


def _after(n: int) -> str:
    return ngettext("after %(n)s still", "after %(n)s stills", n) % {"n": n}
