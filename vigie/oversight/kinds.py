"""Every kind of act that takes two people, gathered from the rooms that carry them out."""

from vigie.campaign.newsletter import export as newsletter
from vigie.cases.routes import switching
from vigie.cases.welfare import limiting
from vigie.dispatch import changing as jurisdiction
from vigie.keeping import changing as retention
from vigie.matching.lists import disputing
from vigie.matching.lists import four_eyes as lists
from vigie.people import changing as accounts
from vigie.people import invitations, leaving, recovery
from vigie.people.four_eyes import Kind

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        recovery.KIND,
        invitations.KIND,
        accounts.KIND,
        leaving.KIND,
        lists.CHANGE,
        lists.EXPORT,
        disputing.KIND,
        newsletter.KIND,
        jurisdiction.KIND,
        retention.KIND,
        switching.KIND,
        limiting.KIND,
    )
}
