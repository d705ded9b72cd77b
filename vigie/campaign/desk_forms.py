"""The editor's forms: a campaign's settings, and its words in one language."""

from dataclasses import asdict, fields, replace
from typing import Any

from django import forms
from django.utils.formats import number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from vigie.campaign.agreement import disagreements
from vigie.campaign.card.design import SIZES, Colours
from vigie.campaign.content import LONG, LONGEST, TEXTS, Content, Words
from vigie.campaign.models import Campaign
from vigie.campaign.selectors import runs

LABELS = {
    "message": _("The message, as one sentence"),
    "loud": _("The word drawn large and red"),
    "wide": _("The message, broken for wide notes"),
    "narrow": _("The message, broken for narrow notes"),
    "hashtag": _("Hashtag"),
    "call": _("The call, above the address"),
    "address": _("The hotline’s address, as people type it"),
    "headline": _("Headline of the front page"),
    "lead": _("What the front page says under it"),
    "invite": _("Button that leads to the studio"),
    "studio": _("Headline of the studio"),
    "photo": _("What the photo is of"),
    "pet_name": _("Whose name may be added"),
    "wall": _("Name of the wall"),
    "joined": _("After the number of cards"),
    "one_joined": _("The same, for one card"),
    "base_label": _("What the sum begins with"),
    "total": _("What the sum comes to"),
    "total_label": _("Of what"),
    "sum_note": _("Where the figure comes from"),
    "caption": _("Ready-made text of a post"),
    "alt": _("Description of the card for people who cannot see it"),
}
COLOUR_LABELS = {
    "ink": _("Ink of the message"),
    "loud": _("The large word"),
    "paper": _("Paper"),
    "tape": _("Tape"),
    "night": _("Footer, above"),
    "night_deep": _("Footer, below"),
}
HELP = {
    "message": _("For pages and posts. The cards show the two broken forms of it."),
}
AREAS = {"wide", "narrow", "headline", "lead", "sum_note", "caption", "alt"}
RULES = {
    "empty": _("This text is missing."),
    "long": _("This text is too long."),
    "lines": _("A note holds five lines at most."),
    "loud": _("The large word must be a word of the message in every size."),
    "letters": _("A character here cannot be written by hand: the fonts do not have it."),
    "small": _(
        "This is too long: on the card it would be too small to read. Shorten it, or break it."
    ),
    "address": _("An address has no spaces, quotation marks or < >."),
    "hashtag": _("A hashtag begins with # and has no spaces."),
    "colour": _("A colour looks like #1f2a44."),
    "contrast": _(
        "The message could not be read on this paper, or the footer on its ground: choose "
        "stronger colours."
    ),
    "positive": _("This must be a number above zero."),
}


def problems_in(form: forms.Form, content: Content, prefix: str) -> None:
    """Say what is wrong with a content, at the fields of this form that it is about."""
    for where, rule in content.problems():
        name = where.removeprefix(prefix).replace("lines.", "lines_")
        field = f"colour_{name}" if f"colour_{name}" in form.fields else name
        if where.startswith(prefix) and field in form.fields:
            form.add_error(field, str(RULES[rule]))


def falsehoods_in(form: "WordsForm", content: Content, language: str) -> None:
    """Say, at its fields, where one language tells another number or sum than the settings."""
    total = number_format(content.number * content.base, force_grouping=True)
    said = {
        "number": gettext("The number of the campaign is %(number)s: this text says another one.")
        % {"number": number_format(content.number, force_grouping=True)},
        "sum": gettext("The sum is %(total)s: say that here in figures, rounded if you like.")
        % {"total": total},
    }
    for where, rule in disagreements(content):
        name = where.removeprefix(f"{language}.").replace("lines.", "lines_")
        if where.startswith(f"{language}."):
            form.add_error(name, said[rule])


def falsehoods_for(form: "SettingsForm", content: Content) -> None:
    """Refuse to publish texts that tell another number or sum."""
    places: dict[str, list[str]] = {}
    for where, _rule in disagreements(content):
        language, _dot, place = where.partition(".")
        form_of = SIZES[place.removeprefix("lines.")].layout if "lines." in place else place
        places.setdefault(language.upper(), []).append(str(LABELS[form_of]))
    languages = [f"{one} ({' · '.join(dict.fromkeys(names))})" for one, names in places.items()]
    if languages:
        text = gettext(
            "These texts say another number or another sum: %(languages)s. Keep the campaign a "
            "draft, change them, and publish it then."
        )
        form.add_error("public", text % {"languages": "; ".join(sorted(languages))})


def a_day() -> forms.DateInput:
    """The browser's own calendar, which wants days as ISO 8601 writes them."""
    return forms.DateInput({"type": "date"}, "%Y-%m-%d")


class SettingsForm(forms.Form):
    """What is the same in every language."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    name = forms.CharField(label=_("Name, for the desk"), max_length=80)
    starts = forms.DateField(label=_("First day"), required=False, widget=a_day())
    ends = forms.DateField(label=_("Last day"), required=False, widget=a_day())
    number = forms.IntegerField(label=_("The number"), min_value=1, max_value=10**9)
    base = forms.IntegerField(label=_("What it is multiplied by"), min_value=1, max_value=10**12)
    min_age = forms.IntegerField(
        label=_("Least age for the wall, in years"), min_value=0, max_value=99
    )
    parent_may_agree = forms.BooleanField(
        label=_("Younger people may take part with a parent’s word"), required=False
    )
    public = forms.BooleanField(
        label=_("The campaign is ready: the public sees it from its first day"),
        required=False,
        help_text=_(
            "Without this it is a draft, which nobody sees outside the desk. Of a campaign that "
            "has begun, the public keeps seeing what it saw before, until this is ticked again. To "
            "end it, give it a last day."
        ),
    )
    instead = forms.BooleanField(label="", required=False)
    addresses_are_ours = forms.BooleanField(
        label=_("The addresses on the card, in each language, are those of our own hotline"),
        required=False,
        help_text=_("Until somebody says so, no card can be made outside the demonstration."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in COLOUR_LABELS.items():
            self.fields[f"colour_{name}"] = forms.CharField(
                label=label, max_length=7, widget=forms.TextInput(attrs={"type": "color"})
            )

    def ask_before(self, slug: str, turned: tuple[Campaign, Campaign] | None) -> None:
        """Before another campaign than the running one is shown, or none, somebody says so.

        ``slug``: of the campaign that is saved; ``turned``: see `selectors.turned_by`."""
        if turned is None:
            del self.fields["instead"]
            return
        before, after = turned
        if after.slug == slug != before.slug:
            said = gettext(
                "From the moment of saving it takes the place of “%(name)s”, which runs now: on "
                "the front page, in the studio and on the wall"
            ) % {"name": before.says.name}
        elif after.slug != slug and runs(after):
            said = gettext(
                "From the moment of saving it no longer runs, and “%(name)s” takes its place: on "
                "the front page, in the studio and on the wall"
            ) % {"name": after.says.name}
        else:
            said = gettext("From the moment of saving no campaign runs: nobody can make a card")
        self["instead"].label = said
        if not self.cleaned_data["instead"]:
            text = gettext(
                "Nothing is saved yet: tick this if you mean it. Otherwise choose other days, or "
                "keep a campaign that is to come a draft."
            )
            self.add_error("instead", text)

    @staticmethod
    def initial_of(content: Content) -> dict[str, Any]:
        plain = {f.name: getattr(content, f.name) for f in fields(Content)}
        colours = {f"colour_{n}": value for n, value in asdict(content.colours).items()}
        return {**plain, **colours}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("starts") and data.get("ends") and data["ends"] < data["starts"]:
            self.add_error("ends", _("A campaign cannot end before it begins."))
        return data

    def content(self, before: Content) -> Content:
        """The content with what this form changes."""
        data = self.cleaned_data
        colours = Colours(**{name: data[f"colour_{name}"] for name in COLOUR_LABELS})
        names = ("name", "number", "base", "min_age", "parent_may_agree")
        return replace(before, colours=colours, **{name: data[name] for name in names})


class WordsForm(forms.Form):
    """The texts of one language, and its line breaks in each size."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in TEXTS:
            longest = LONGEST.get(name, LONG)
            widget = forms.Textarea(attrs={"rows": 4}) if name in AREAS else forms.TextInput()
            self.fields[name] = forms.CharField(
                label=LABELS[name],
                max_length=longest,
                required=name != "loud",
                widget=widget,
                help_text=HELP.get(name, ""),
            )
        for size in SIZES:
            self.fields[f"lines_{size}"] = forms.CharField(
                label=size,
                required=False,
                max_length=LONGEST["wide"],
                widget=forms.Textarea(attrs={"rows": 4, "data-usual": SIZES[size].layout}),
            )

    @staticmethod
    def initial_of(words: Words) -> dict[str, Any]:
        lines = {f"lines_{size}": words.lines.get(size, "") for size in SIZES}
        return {**{name: getattr(words, name) for name in TEXTS}, **lines}

    def words(self) -> Words:
        data = self.cleaned_data
        texts = {name: _clean(data.get(name, "")) for name in TEXTS}
        lines = {size: _clean(data.get(f"lines_{size}", "")) for size in SIZES}
        return Words(**texts, lines={size: text for size, text in lines.items() if text})


def _clean(text: str) -> str:
    return text.replace("\r\n", "\n").strip()
