"""The desk's forms: a new kit, a post."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from vigie.campaign.desk_forms import a_day
from vigie.campaign.forms import SIZE_NAMES
from vigie.campaign.kits.models import Post
from vigie.campaign.wall.consent import OWN_POSTS
from vigie.campaign.wall.models import Card
from vigie.campaign.wall.selectors import slug_in


class KitForm(forms.Form):
    name = forms.CharField(label=_("Name of the ambassador, as their page shows it"), max_length=80)


class PostForm(forms.ModelForm):  # type: ignore[type-arg]
    """A post of the organisation's own account. ``card``: its address, or the last part of it."""

    card = forms.CharField(
        label=_("Card from the wall"),
        required=False,
        max_length=200,
        help_text=_("Its address on the wall. Empty: the campaign’s own animal."),
    )

    class Meta:
        model = Post
        fields = ("on", "language", "size", "card", "caption", "alt")
        labels = {
            "on": _("Day"),
            "language": _("Language"),
            "size": _("Size"),
            "caption": _("Text, with hashtag"),
            "alt": _("Description for people who cannot see the picture"),
        }
        widgets = {
            "on": a_day(),
            "language": forms.Select(choices=settings.LANGUAGES),
            "size": forms.Select(choices=list(SIZE_NAMES.items())),
            "caption": forms.Textarea(attrs={"rows": 6}),
            "alt": forms.Textarea(attrs={"rows": 3}),
        }

    def clean_card(self) -> str:
        slug = slug_in(self.cleaned_data["card"])
        card = Card.objects.filter(slug=slug).first()
        if slug and card is None:
            raise forms.ValidationError(_("No card of this address hangs on the wall."))
        if card and card.consent not in OWN_POSTS:
            raise forms.ValidationError(_("Its supporter has not agreed to posts of ours."))
        return slug

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("language") not in dict(settings.LANGUAGES):
            self.add_error("language", _("Choose one of the four languages."))
        if data.get("size") not in SIZE_NAMES:
            self.add_error("size", _("Choose one of the five sizes."))
        return data
