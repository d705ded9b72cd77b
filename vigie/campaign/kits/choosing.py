"""What a kit or a post is for: its campaign, its language, its picture, and the texts that fit."""

from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import get_language_info, gettext
from django.utils.translation import gettext_lazy as _

from vigie.campaign.content import LANGUAGES
from vigie.campaign.kits.forms import KitForm, PostForm
from vigie.campaign.kits.models import OF_THE_WALL, Post
from vigie.campaign.models import Campaign
from vigie.campaign.selectors import current, prepared, to_prepare
from vigie.campaign.wall.models import Card


def told(campaign: Campaign) -> str:
    """Its name and its days, which tell a copy from what it was copied from."""
    days = [
        date_format(d, "SHORT_DATE_FORMAT") if d else "…" for d in (campaign.starts, campaign.ends)
    ]
    name = campaign.says.name
    return f"{name}, {' – '.join(days)}" if campaign.starts or campaign.ends else name


class CampaignKitForm(KitForm):
    """Asks for the campaign where there is a choice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = to_prepare()
        self.usual = found[0].slug
        if len(found) > 1:
            choices = [(one.slug, told(one)) for one in found]
            self.fields["campaign"] = forms.ChoiceField(label=_("Campaign"), choices=choices)

    @property
    def chosen(self) -> str:
        return str(self.cleaned_data.get("campaign", self.usual))


class FittingPostForm(PostForm):
    """A post whose ready-made texts are those of its picture, in the language of the post.

    ``began`` says what the texts in the form are of. Who chooses another card or language sees
    the texts that belong to it before anything is saved.
    """

    began = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["began"] = _key(self.instance)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        card = Card.objects.filter(slug=data["card"]).first() if data.get("card") else None
        if card and data.get("size") not in OF_THE_WALL:
            self.add_error("size", _("A card of the wall is square or wide: choose one of these."))
        if card:
            self.instance.campaign = card.campaign
        if not self.errors and data["began"]:
            self._fit(data, card)
        return data

    def _fit(self, data: dict[str, Any], card: Card | None) -> None:
        """Show the texts anew if they are those of another card or language."""
        before = data["began"].split("/")
        if card and card.slug != before[-1]:
            data["language"] = card.language
        now = Post(**{n: data[n] for n in ("language", "card")}, campaign=self.instance.campaign)
        if _key(now) == data["began"]:
            return
        ready = _ready_made({before[0], now.campaign}, {before[-1], now.card})
        fitting = texts_for(now, card)
        shown = {"language": now.language, "began": _key(now)}
        shown |= {n: text for n, text in fitting.items() if _plain(data[n]) in ready}
        self.data = {**self.data.dict(), **shown}  # type: ignore[attr-defined]  # a QueryDict
        for_whom = get_language_info(now.language)["name_translated"]
        text = gettext(
            "The picture or the language is another one now (%(language)s). The ready-made texts "
            "below follow it; what you wrote yourself stays as it was. Read them, then save again."
        )
        self.add_error(None, text % {"language": for_whom})


def texts_for(post: Post, card: Card | None) -> dict[str, str]:
    """Caption and description that a post may begin with."""
    words = (prepared(post.campaign) or current()).says.of(post.language)
    return {"caption": words.post, "alt": card.alt if card else words.alt}


def _ready_made(campaigns: set[str], cards: set[str]) -> set[str]:
    found = set(Card.objects.filter(slug__in=cards).values_list("alt", flat=True))
    for slug in campaigns:
        says = (prepared(slug) or current()).says
        for language in LANGUAGES:
            found |= {says.of(language).post, says.of(language).alt}
    return {_plain(text) for text in found}


def _plain(text: str) -> str:
    return " ".join(text.split())


def _key(post: Post) -> str:
    return f"{post.campaign}/{post.language}/{post.card}"
