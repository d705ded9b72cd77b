"""The journal's verbs in the reader's language."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vigie.journal.verbs import Verb

WORDS: dict[str, Promise] = {
    Verb.REPORT_OPENED: _("report opened by the worker"),
    Verb.REPORT_ADDED_TO: _("added to by its reporter"),
    Verb.DANGER_REPORTED: _("a child may be in danger"),
    Verb.ON_CALL_TOLD: _("people on call told"),
    Verb.QUESTION_ASKED: _("question asked by receipt"),
    Verb.QUESTION_ANSWERED: _("question answered"),
    Verb.ITEM_JOINED: _("first reported"),
    Verb.ITEM_MOVED: _("moved on"),
    Verb.ITEM_HELD: _("held for the police"),
    Verb.ITEM_RELEASED: _("hold lifted"),
    Verb.ITEM_LOOKED_AT: _("looked at by the worker"),
    Verb.LOOK_ASKED: _("another look asked for"),
    Verb.ITEM_TRACED: _("hosting traced"),
    Verb.ITEM_CHECKED: _("checked whether it is still there"),
    Verb.ITEM_OPENED: _("page opened"),
    Verb.ITEM_SEARCHED: _("searched"),
    Verb.ITEMS_LISTED: _("list opened"),
    Verb.MEDIA_VIEWED: _("still asked for"),
    Verb.WORDS_READ: _("reporters’ words read"),
    Verb.KEY_UNLOCKED: _("operators’ key unlocked"),
    Verb.KEY_REFUSED: _("wrong passphrase"),
    Verb.JOURNAL_READ: _("journal read"),
    Verb.ITEM_ASSESSED: _("assessed"),
    Verb.TRAINING_ENDED: _("training ended"),
    Verb.LIMITS_SET: _("limits of looking set"),
    Verb.RULES_WRITTEN: _("rules of the queue written"),
    Verb.RULES_TRIED: _("rules of the queue tried, without effect"),
    Verb.RULES_SWITCHED: _("rules of the queue switched on"),
    Verb.LANE_GIVEN: _("lane given to a team, or to everybody"),
    Verb.OPINION_GIVEN: _("one of two assessments given"),
    Verb.OPINIONS_SET_ASIDE: _("the content changed: assessed anew"),
    Verb.ITEM_RECOGNISED: _("confirmed by policy: a trusted list holds the same bytes"),
    Verb.JUDGEMENT_UNDONE: _("the judgement that this rests on was taken back"),
    Verb.CONTACT_NAMED: _("contact entered by hand"),
    Verb.NOTICE_APPROVED: _("notice approved"),
    Verb.REFERRAL_ACKNOWLEDGED: _("acknowledged by the police"),
    Verb.REFERRAL_AUTHORISED: _("removal authorised"),
    Verb.REFERRAL_REFUSED: _("removal not authorised"),
    Verb.HOST_CONTACTED: _("host contacted by the police"),
    Verb.REFERRAL_PLANNED: _("referral planned"),
    Verb.REFERRAL_SENT: _("referral sent"),
    Verb.NOTICE_PLANNED: _("notice planned"),
    Verb.NOTICE_SENT: _("notice sent"),
    Verb.EDITION_WRITTEN: _("newsletter edition written"),
    Verb.EDITION_TESTED: _("test of an edition asked for"),
    Verb.EDITION_APPROVED: _("newsletter edition approved"),
    Verb.EDITION_STOPPED: _("newsletter edition stopped"),
    Verb.EDITION_SENT: _("newsletter edition sent"),
    Verb.NEWSLETTER_COUNTED: _("subscribers counted"),
    Verb.LIST_EXPORTED: _("list of subscribers exported"),
    Verb.MANDATE_RECORDED: _("mandate recorded"),
    Verb.MANDATE_WITHDRAWN: _("mandate withdrawn"),
    Verb.POLICY_LOADED: _("policy loaded"),
    Verb.SENDER_ADDED: _("key made for a trusted sender"),
    Verb.SENDER_REVOKED: _("key of a trusted sender revoked"),
    Verb.RETENTION_LOADED: _("retention policy loaded"),
    Verb.DATA_ERASED: _("erased, as the policy says"),
    Verb.HOLD_PLACED: _("kept from being erased"),
    Verb.HOLD_LIFTED: _("may be erased again"),
    Verb.CLOCK_CONFIRMED: _("clock confirmed"),
    Verb.KEY_ROTATED: _("key replaced"),
    Verb.KEY_RESEALED: _("sealed again with the present key"),
    Verb.KEY_REINDEXED: _("hashed again with the present key"),
    Verb.KEY_RETIRED: _("old key thrown away"),
    Verb.NOTE_WRITTEN: _("note for colleagues"),
    Verb.ITEM_TAKEN: _("taken over from a colleague"),
    Verb.ITEM_HANDED_ON: _("left to a colleague, for no more is looked at today"),
    Verb.VIEW_ENDED: _("picture no longer on the screen"),
    Verb.REST_CHOSEN: _("rest from pictures, chosen or ended"),
    Verb.MANNER_CHOSEN: _("chosen, how stills are shown"),
    Verb.STAFF_ADDED: _("colleague added"),
    Verb.STAFF_INVITED: _("colleague invited"),
    Verb.INVITATION_WITHDRAWN: _("invitation withdrawn"),
    Verb.STAFF_JOINED: _("invitation accepted"),
    Verb.STAFF_CHANGED: _("role or mail address changed"),
    Verb.STAFF_LEFT: _("left the team"),
    Verb.STAFF_RECOVERED: _("password or second factor taken away, to be set anew"),
    Verb.PASSWORD_CHOSEN: _("new password chosen"),
    Verb.SESSION_ENDED: _("one session ended"),
    Verb.SESSIONS_ENDED: _("signed out everywhere"),
    Verb.TEAM_MADE: _("team made"),
    Verb.TEAM_DISSOLVED: _("team dissolved"),
    Verb.TEAMS_CHANGED: _("teams of a person changed"),
    Verb.ACT_ASKED: _("second person asked"),
    Verb.ACT_ANSWERED: _("second person answered"),
    Verb.STAFF_SIGNED_IN: _("signed in"),
    Verb.FIGURES_PUBLISHED: _("figures published"),
    Verb.JOURNAL_SIGNED: _("journal signed"),
    Verb.CAMPAIGN_EDITED: _("campaign changed"),
    Verb.CARD_EXAMINED: _("card compared with the lists"),
    Verb.CARD_APPROVED: _("card hung on the wall"),
    Verb.CARD_REFUSED: _("card refused"),
    Verb.CARD_ESCALATED: _("picture set aside"),
    Verb.CARD_WITHDRAWN: _("card taken back by its supporter"),
    Verb.ESCALATION_SEEN: _("instruction read"),
    Verb.KIT_WRITTEN: _("ambassador’s kit written"),
    Verb.KIT_CLOSED: _("ambassador’s kit closed"),
    Verb.POST_WRITTEN: _("post written"),
    Verb.POST_DROPPED: _("post dropped"),
    Verb.LIST_LOADED: _("hash list loaded"),
    Verb.LIST_FETCHED: _("hash list fetched from its owner"),
    Verb.HASH_SOUGHT: _("hash looked up"),
    Verb.HASHES_CHECKED: _("hashes checked with a partner"),
    Verb.HASHES_EXPORTED: _("file of our own hashes made"),
    Verb.HASHES_TAKEN: _("file of our own hashes taken"),
    Verb.FEEDBACK_GIVEN: _("feedback given on a listed hash"),
    Verb.FEEDBACK_SENT: _("feedback sent to a list’s owner"),
    Verb.PROVIDER_ADDED: _("key made for a trusted provider"),
    Verb.PROVIDER_REVOKED: _("key of a trusted provider revoked"),
    Verb.MATCHES_ASKED: _("asked by a trusted provider"),
    Verb.LISTS_PROBED: _("a provider may be probing our lists"),
    Verb.PROBE_SEEN: _("alarm about a provider read"),
}

# Acts that this version no longer writes, but that stand in journals.
EARLIER: dict[str, Promise] = {
    "list.asked": _("second person asked, about hashes"),
    "list.answered": _("second person answered, about hashes"),
}

# Actors that are no people. (`vigie …` in a terminal is "command line": who typed it is not known.)
PROGRAMS: dict[str, Promise] = {
    "worker": _("the worker"),
    "policy": _("the policy"),
    "command line": _("command line"),
}


def in_words(verb: str) -> str:
    """What a verb says; one that this version does not know stays as it was written."""
    if verb in set(Verb):
        return str(WORDS[Verb(verb)])
    return str(EARLIER[verb]) if verb in EARLIER else verb


def name_of(actor: str) -> str:
    """A program's name in the reader's language; anybody else as written."""
    return str(PROGRAMS.get(actor, actor))
