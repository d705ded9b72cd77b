"""What can be done, and which role may do it. ``room:thing:act``."""

from enum import StrEnum

from django.utils.translation import pgettext_lazy


class Permission(StrEnum):
    ITEMS_READ = "items:item:read"
    ITEMS_SEARCH = "items:item:search"
    MEDIA_VIEW = "cases:media:view"
    WORDS_READ = "intake:words:read"
    ASSESS = "cases:item:assess"
    REOPEN = "cases:item:reopen"
    AGREEMENT_READ = "cases:agreement:read"
    RULES_READ = "cases:rules:read"
    RULES_CHANGE = "cases:rules:change"
    DISPATCH_READ = "dispatch:letter:read"
    REFERRAL_RECORD = "dispatch:referral:record"
    ITEM_HOLD = "dispatch:item:hold"
    ERRAND_WRITE = "dispatch:errand:write"
    NOTICE_APPROVE = "dispatch:notice:approve"
    LISTS_READ = "matching:list:read"
    LISTS_CHANGE = "matching:list:change"
    HASHES_EXPORT = "matching:hash:export"
    HASHES_JUDGE = "matching:hash:judge"
    PROVIDERS_MANAGE = "matching:provider:manage"
    WATCH_READ = "watch:item:read"
    FIGURES_READ = "figures:figures:read"
    FAILURES_READ = "worker:failure:read"
    JOURNAL_READ_OWN = "journal:own:read"
    JOURNAL_READ_ALL = "journal:all:read"
    MANDATE_RECORD = "tracing:mandate:record"
    SENDERS_MANAGE = "intake:sender:manage"
    RETENTION_READ = "keeping:retention:read"
    DATA_HOLD = "keeping:hold:place"
    STAFF_READ = "staff:user:read"
    STAFF_MANAGE = "people:user:manage"
    STAFF_RECOVER = "people:user:recover"
    ACTS_READ = "people:act:read"
    POLICY_CHANGE = "oversight:policy:change"
    OVERVIEW_READ = "oversight:overview:read"
    CAMPAIGN_EDIT = "campaign:campaign:edit"
    WALL_MODERATE = "campaign:wall:moderate"
    ESCALATION_READ = "campaign:escalation:read"
    NEWSLETTER_EDIT = "campaign:newsletter:edit"
    NEWSLETTER_SEND = "campaign:newsletter:send"
    NEWSLETTER_EXPORT = "campaign:newsletter:export"


class Role(StrEnum):
    ANALYST = "analyst"
    LEAD = "lead"
    LIAISON = "liaison"
    EDITOR = "campaign editor"
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"


ROLE_NAMES = {
    Role.ANALYST: pgettext_lazy("role", "analyst"),
    Role.LEAD: pgettext_lazy("role", "lead"),
    Role.LIAISON: pgettext_lazy("role", "liaison"),
    Role.EDITOR: pgettext_lazy("role", "campaign editor"),
    Role.MANAGER: pgettext_lazy("role", "manager"),
    Role.ADMINISTRATOR: pgettext_lazy("role", "administrator"),
}


P = Permission
_EVERYBODY = frozenset({P.JOURNAL_READ_OWN})
_ANALYST = frozenset(
    {P.ITEMS_READ, P.ITEMS_SEARCH, P.MEDIA_VIEW, P.WORDS_READ, P.ASSESS, P.WATCH_READ}
    | {P.HASHES_JUDGE}
)
# What a match may do, and what leaves of our own hashes: one asks and another approves.
_LISTS = frozenset({P.LISTS_READ, P.LISTS_CHANGE, P.HASHES_EXPORT})
# Who may be the second person. What each may confirm is said with the kind of act.
_SECOND = frozenset({P.ACTS_READ, P.STAFF_READ, P.STAFF_RECOVER})
_OVERSIGHT = frozenset({P.POLICY_CHANGE, P.OVERVIEW_READ})
_NEWSLETTER = frozenset({P.NEWSLETTER_EDIT, P.NEWSLETTER_SEND})
MAY: dict[Role, frozenset[Permission]] = {
    Role.ANALYST: _EVERYBODY | _ANALYST,
    Role.LEAD: _EVERYBODY
    | _ANALYST
    | _LISTS
    | _SECOND
    | _OVERSIGHT
    | {
        P.REOPEN,
        P.AGREEMENT_READ,
        P.RULES_READ,
        P.RULES_CHANGE,
        P.DISPATCH_READ,
        P.NOTICE_APPROVE,
        P.ITEM_HOLD,
        P.ERRAND_WRITE,
        P.FAILURES_READ,
        P.FIGURES_READ,
        P.JOURNAL_READ_ALL,
        P.WALL_MODERATE,
        P.ESCALATION_READ,
        P.RETENTION_READ,
        P.DATA_HOLD,
    },
    Role.LIAISON: _EVERYBODY
    | {P.ITEMS_READ, P.DISPATCH_READ, P.REFERRAL_RECORD, P.ITEM_HOLD, P.WATCH_READ}
    | {P.ERRAND_WRITE},
    Role.EDITOR: _EVERYBODY | {P.CAMPAIGN_EDIT, P.WALL_MODERATE} | _NEWSLETTER,
    # Who answers for the organisation's data takes the list out; nobody else does.
    Role.MANAGER: _EVERYBODY
    | _NEWSLETTER
    | _LISTS
    | _SECOND
    | _OVERSIGHT
    | {P.NEWSLETTER_EXPORT, P.PROVIDERS_MANAGE}
    | {P.FIGURES_READ, P.FAILURES_READ, P.JOURNAL_READ_ALL}
    | {P.AGREEMENT_READ, P.RULES_READ}
    | {P.RETENTION_READ, P.DATA_HOLD},
    # Who runs the machines sees no reported address and no decision on a picture.
    Role.ADMINISTRATOR: _EVERYBODY
    | _SECOND
    | {P.MANDATE_RECORD, P.FAILURES_READ, P.STAFF_MANAGE, P.SENDERS_MANAGE, P.LISTS_READ},
}
