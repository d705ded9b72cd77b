"""The lines of the queue. In Python and not in a template, where fifty of them cost thrice as much.

Everything is escaped by `format_html`; what is marked as safe is written here.
"""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from vigie.cases.desk.selectors import Row
from vigie.cases.row_words import Tag
from vigie.items.flow import State
from vigie.lib.visible import visible

LINE = """
<tr{on}>
  <td><div class="loc"><a href="{address}{carried}">{reference}</a> {place}</div><div class="why">{met}</div></td>
  <td data-label="{why_label}">{tags}
    <div class="why">{words}</div></td>
  <td class="num" data-label="{reports_label}">{reports}</td>
  <td data-label="{hosting_label}">{hosting}</td>
  <td data-label="{since_label}"><time datetime="{since}">{waits}</time></td>
</tr>"""  # noqa: E501
NOTHING = mark_safe("")
FIRST = mark_safe(' class="on"')


def lines(rows: Iterable[Row], state: str, carried: str) -> SafeString:
    """``state``: the queue that is shown, '' for what a search found. ``carried``: the way back."""
    labels = {
        "why_label": _("Why here"),
        "reports_label": _("Reports"),
        "hosting_label": _("Hosting"),
        "since_label": _("Since"),
        "carried": carried,
    }
    ours = state == State.TO_ASSESS
    told = [
        _line(row, state, FIRST if ours and not place else NOTHING, labels)
        for place, row in enumerate(rows)
    ]
    return mark_safe("".join(told))  # noqa: S308


def _line(row: Row, state: str, on: SafeString, labels: dict[str, str]) -> SafeString:
    item = row.item
    return format_html(
        LINE,
        on=on,
        address=reverse("item", args=[item.pk]),
        reference=item.reference,
        place=_place(row),
        met=row.met,
        tags=format_html_join(" ", '<span class="{}">{}</span>', _tags(row)),
        words=_words(row, state),
        reports=row.reports,
        hosting=_hosting(row),
        since=item.created_at.isoformat(),
        waits=row.waits,
        **labels,
    )


def _place(row: Row) -> SafeString:
    if row.item.is_erased:
        return format_html('<span class="why">{}</span>', _("erased"))
    return format_html('<span dir="ltr">{}</span>', row.place)


def _tags(row: Row) -> list[tuple[str, str]]:
    """Why it stands here, and what is to be known before it is opened: look and words."""
    tags = list(row.why)
    if row.in_hand:
        tags.append(Tag(_("in hand: %(name)s") % {"name": visible(row.in_hand)}))
    if row.lane:
        tags.append(Tag(visible(row.lane)))
    if row.given:
        second, differ = Tag(_("second assessment")), Tag(_("two assessments differ"), "tag amber")
        tags.append(second if row.given == 1 else differ)
    if known := row.tag:
        tags.append(known)
    return [(tag.look, tag.words) for tag in tags]


def _words(row: Row, state: str) -> str:
    if row.judged:
        return row.judged_words
    if row.item.state != state:
        return str(row.item.state_words)
    return "" if row.why or state != State.TO_ASSESS else _("by its age alone")


def _hosting(row: Row) -> SafeString | str:
    if not row.hosting:
        return _("unknown")
    country = row.hosting.acting_country or _("unknown")
    return format_html('{}<div class="why">{}</div>', country, visible(row.hosting.name))
