"""A new trusted provider, as the manager names it."""

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from vigie.matching.lists.models import HashList


class ProviderForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80)
    lists = forms.ModelMultipleChoiceField(
        HashList.objects.none(),
        label=_("Lists that it may ask about"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("It learns their names, and of each picture whether it is on them."),
    )

    def __init__(self, *args: object, lists: "QuerySet[HashList]", **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        self.fields["lists"].queryset = lists  # type: ignore[attr-defined]
