"""Everything that can be said in the journal. A new act begins with a line here."""

from enum import StrEnum


class Verb(StrEnum):
    # the road
    REPORT_OPENED = "report.opened"
    REPORT_ADDED_TO = "report.added_to"
    DANGER_REPORTED = "danger.reported"
    ON_CALL_TOLD = "danger.told"
    QUESTION_ANSWERED = "question.answered"
    ITEM_JOINED = "item.joined"
    ITEM_MOVED = "item.moved"
    ITEM_HELD = "item.held"
    ITEM_RELEASED = "item.released"
    ITEM_LOOKED_AT = "item.looked_at"
    LOOK_ASKED = "look.asked"
    ITEM_TRACED = "item.traced"
    ITEM_CHECKED = "item.checked"
    ITEM_RECOGNISED = "item.recognised"
    # sensitive reads
    ITEM_OPENED = "item.opened"
    ITEM_SEARCHED = "item.searched"
    ITEMS_LISTED = "items.listed"
    MEDIA_VIEWED = "media.viewed"
    VIEW_ENDED = "media.ended"
    VIEW_UNTOLD = "media.untold"
    WORDS_READ = "words.read"
    KEY_UNLOCKED = "key.unlocked"
    KEY_REFUSED = "key.refused"
    JOURNAL_READ = "journal.read"
    VIEW_KEPT = "queue.view_kept"
    VIEW_DROPPED = "queue.view_dropped"
    # people's decisions
    ITEM_ASSESSED = "item.assessed"
    NOTE_WRITTEN = "note.written"
    ITEM_TAKEN = "item.taken_over"
    ITEM_PUT_BACK = "item.put_back"
    ITEM_HANDED_ON = "item.handed_on"
    OPINION_GIVEN = "opinion.given"
    OPINIONS_SET_ASIDE = "opinions.set_aside"
    DECISION_TAKEN_BACK = "decision.taken_back"
    JUDGEMENT_UNDONE = "judgement.undone"
    QUESTION_ASKED = "question.asked"
    CONTACT_NAMED = "contact.named"
    NOTICE_APPROVED = "notice.approved"
    REFERRAL_ACKNOWLEDGED = "referral.acknowledged"
    REFERRAL_AUTHORISED = "referral.authorised"
    AUTHORISATION_TAKEN_BACK = "authorisation.taken_back"
    REFERENCE_CORRECTED = "reference.corrected"
    REFERRAL_REFUSED = "referral.refused"
    HOST_CONTACTED = "host.contacted"
    # what left
    REFERRAL_PLANNED = "referral.planned"
    REFERRAL_SENT = "referral.sent"
    NOTICE_PLANNED = "notice.planned"
    NOTICE_SENT = "notice.sent"
    LETTER_DROPPED = "letter.dropped"
    WITHDRAWAL_PLANNED = "withdrawal.planned"
    WITHDRAWAL_SENT = "withdrawal.sent"
    # the newsletter: numbers of editions, and counts; never an address
    EDITION_WRITTEN = "edition.written"
    EDITION_TESTED = "edition.tested"
    EDITION_APPROVED = "edition.approved"
    EDITION_STOPPED = "edition.stopped"
    EDITION_SENT = "edition.sent"
    NEWSLETTER_COUNTED = "newsletter.counted"
    LIST_EXPORTED = "newsletter.exported"
    # the house
    MANDATE_RECORDED = "mandate.recorded"
    MANDATE_WITHDRAWN = "mandate.withdrawn"
    POLICY_LOADED = "policy.loaded"
    LIMITS_SET = "limits.set"
    RULES_WRITTEN = "rules.written"
    RULES_TRIED = "rules.tried"
    RULES_SWITCHED = "rules.switched"
    LANE_GIVEN = "lane.given"
    TRAINING_ENDED = "training.ended"
    REST_CHOSEN = "rest.chosen"
    MANNER_CHOSEN = "manner.chosen"
    SENDER_ADDED = "sender.added"
    SENDER_REVOKED = "sender.revoked"
    RETENTION_LOADED = "retention.loaded"
    DATA_ERASED = "data.erased"
    HOLD_PLACED = "hold.placed"
    HOLD_LIFTED = "hold.lifted"
    CLOCK_CONFIRMED = "clock.confirmed"
    KEY_ROTATED = "key.rotated"
    KEY_RESEALED = "key.resealed"
    KEY_REINDEXED = "key.reindexed"
    KEY_RETIRED = "key.retired"
    STAFF_ADDED = "staff.added"
    STAFF_INVITED = "staff.invited"
    INVITATION_WITHDRAWN = "invitation.withdrawn"
    STAFF_JOINED = "staff.joined"
    STAFF_CHANGED = "staff.changed"
    STAFF_LEFT = "staff.left"
    STAFF_RECOVERED = "staff.recovered"
    PASSWORD_CHOSEN = "password.chosen"  # noqa: S105  a verb
    SESSION_ENDED = "session.ended"
    SESSIONS_ENDED = "sessions.ended"
    TEAM_MADE = "team.made"
    TEAM_DISSOLVED = "team.dissolved"
    TEAMS_CHANGED = "teams.changed"
    # what takes two people
    ACT_ASKED = "act.asked"
    ACT_ANSWERED = "act.answered"
    STAFF_SIGNED_IN = "staff.signed_in"
    FIGURES_PUBLISHED = "figures.published"
    JOURNAL_SIGNED = "journal.signed"
    JOURNAL_RESTORED = "journal.restored"
    # the campaign
    CAMPAIGN_EDITED = "campaign.edited"
    CARD_EXAMINED = "card.examined"
    CARD_APPROVED = "card.approved"
    CARD_REFUSED = "card.refused"
    CARD_ESCALATED = "card.escalated"
    CARD_WITHDRAWN = "card.withdrawn"
    CARD_TAKEN_OFF = "card.taken_off"
    CARD_NAME_TAKEN = "card.name_taken"
    ESCALATION_SEEN = "escalation.seen"
    KIT_WRITTEN = "kit.written"
    KIT_CLOSED = "kit.closed"
    POST_WRITTEN = "post.written"
    POST_DROPPED = "post.dropped"
    LIST_LOADED = "list.loaded"
    # hash lists: counts and digests; never a value
    LIST_FETCHED = "list.fetched"
    HASH_SOUGHT = "hash.sought"
    HASHES_CHECKED = "hashes.checked"
    HASHES_EXPORTED = "hashes.exported"
    HASHES_TAKEN = "hashes.taken"
    FEEDBACK_GIVEN = "feedback.given"
    FEEDBACK_SENT = "feedback.sent"
    # trusted providers: counts; never a value
    PROVIDER_ADDED = "provider.added"
    PROVIDER_REVOKED = "provider.revoked"
    MATCHES_ASKED = "matches.asked"
    LISTS_PROBED = "lists.probed"
    PROBE_SEEN = "probe.seen"


# How much somebody looks, and when they would rather not: theirs to read, and of the roles that the
# organisation's welfare policy names. Of nobody else, whatever else they may read.
OF_WELFARE = frozenset(
    {Verb.VIEW_ENDED, Verb.VIEW_UNTOLD, Verb.REST_CHOSEN, Verb.MANNER_CHOSEN, Verb.ITEM_HANDED_ON}
)

# That somebody looked, and at which picture; what was decided in an earlier round, and that (and on
# the desk why) it was taken back: of these the second of two hears nothing.
NOT_FOR_A_SECOND = frozenset(
    {Verb.MEDIA_VIEWED, Verb.VIEW_ENDED, Verb.VIEW_UNTOLD, Verb.ITEM_ASSESSED, Verb.ITEM_MOVED}
    | {Verb.DECISION_TAKEN_BACK, Verb.JUDGEMENT_UNDONE}
)

# Acts that move an item or tell somebody of it. All who may see the item may see these; the reads
# of colleagues, and whatever is added above, are for who may read the whole journal.
ON_THE_ROAD = frozenset(
    {
        Verb.ITEM_JOINED,
        Verb.ITEM_MOVED,
        Verb.ITEM_HELD,
        Verb.ITEM_RELEASED,
        Verb.HOLD_PLACED,
        Verb.HOLD_LIFTED,
        Verb.ITEM_LOOKED_AT,
        Verb.LOOK_ASKED,
        Verb.ITEM_TRACED,
        Verb.ITEM_CHECKED,
        Verb.ITEM_RECOGNISED,
        Verb.ITEM_ASSESSED,
        Verb.ITEM_TAKEN,
        Verb.NOTE_WRITTEN,
        Verb.OPINION_GIVEN,
        Verb.OPINIONS_SET_ASIDE,
        Verb.DECISION_TAKEN_BACK,
        Verb.JUDGEMENT_UNDONE,
        Verb.CONTACT_NAMED,
        Verb.NOTICE_APPROVED,
        Verb.REFERRAL_ACKNOWLEDGED,
        Verb.REFERRAL_AUTHORISED,
        Verb.AUTHORISATION_TAKEN_BACK,
        Verb.REFERENCE_CORRECTED,
        Verb.REFERRAL_REFUSED,
        Verb.HOST_CONTACTED,
        Verb.REFERRAL_PLANNED,
        Verb.REFERRAL_SENT,
        Verb.NOTICE_PLANNED,
        Verb.NOTICE_SENT,
        Verb.LETTER_DROPPED,
        Verb.WITHDRAWAL_PLANNED,
        Verb.WITHDRAWAL_SENT,
    }
)
