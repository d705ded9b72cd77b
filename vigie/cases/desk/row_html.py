"""The lines of the queue. In Python and not in a template, where they cost five times as much.

Everything that is put into a line is escaped in this file, or is markup of this file.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vigie.cases.desk.selectors import Row
from vigie.cases.row_words import Tag
from vigie.items.flow import State
from vigie.lib.visible import visible


@dataclass(frozen=True)
class _Table:
    """What is the same in all lines; labels escaped. ``state``: the queue that is shown, '' for
    what a search found. ``carried``: the way back."""

    state: str
    carried: str
    why: str
    reports: str
    hosting: str
    since: str


def lines(rows: Iterable[Row], state: str, carried: str) -> SafeString:
    """As `_Table`."""
    labels = [escape(label) for label in (_("Why here"), _("Reports"), _("Hosting"), _("Since"))]
    table = _Table(state, escape(carried), *labels)
    ours = state == State.TO_ASSESS
    told = [_line(row, table, first=ours and not place) for place, row in enumerate(rows)]
    return mark_safe("".join(told))  # noqa: S308  escaped, each part where it is put in


def _line(row: Row, table: _Table, *, first: bool) -> str:
    item, on = row.item, ' class="on"' if first else ""
    address = reverse("item", args=[item.pk]) + table.carried
    tags = " ".join(f'<span class="{tag.look}">{escape(tag.words)}</span>' for tag in _tags(row))
    return f"""
<tr{on}>
  <td><div class="loc"><a href="{address}">{item.reference}</a> {_place(row)}</div><div class="why">{escape(row.met)}</div></td>
  <td data-label="{table.why}">{tags}
    <div class="why">{escape(_words(row, table.state))}</div></td>
  <td class="num" data-label="{table.reports}">{item.report_count}</td>
  <td data-label="{table.hosting}">{_hosting(row)}</td>
  <td data-label="{table.since}"><time datetime="{item.created_at.isoformat()}">{escape(row.waits)}</time></td>
</tr>"""  # noqa: E501


def _place(row: Row) -> str:
    if row.item.is_erased:
        erased = escape(_("erased"))  # not within: what collects the texts reads no f-string
        return f'<span class="why">{erased}</span>'
    return f'<span dir="ltr">{escape(row.place)}</span>'


def _tags(row: Row) -> list[Tag]:
    """Why it stands here, and what is to be known before it is opened."""
    tags = list(row.why)
    if row.in_hand:
        tags.append(Tag(_("in hand: %(name)s") % {"name": visible(row.in_hand)}))
    if row.notes:
        tags.append(Tag(ngettext("%(n)s note", "%(n)s notes", row.notes) % {"n": row.notes}))
    if row.lane:
        tags.append(Tag(visible(row.lane)))
    if row.given:
        second, differ = Tag(_("second assessment")), Tag(_("two assessments differ"), "tag amber")
        tags.append(second if row.given == 1 else differ)
    if known := row.tag:
        tags.append(known)
    return tags


def _words(row: Row, state: str) -> str:
    if row.judged:
        return row.judged_words
    if row.item.state != state:
        return str(row.item.state_words)
    return "" if row.why or state != State.TO_ASSESS else _("by its age alone")


def _hosting(row: Row) -> str:
    if not row.hosting:
        return escape(_("unknown"))
    country = row.hosting.acting_country or _("unknown")
    return f'{escape(country)}<div class="why">{escape(visible(row.hosting.name))}</div>'
