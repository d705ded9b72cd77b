"""The road, as a table: which verb moves an item from which state to which. Pure.

new ──look──▶ to_assess ──confirm──▶ confirmed ──refer──▶ referred ─┬─authorise─▶ authorised
                 │   ▲ ▲                 │ ▲                        │◀─unauthorise──┤
                 │   │ │                 │ │                        ├──notify────▶ notified
              dismiss│ └────take_back────┘ reappear                 └──remove────▶ removed
                 ▼ reopen                  └──────────────────────────────────────────┘
                closed
"""

from enum import StrEnum


class State(StrEnum):
    NEW = "new"  # joined; the worker has not looked yet
    TO_ASSESS = "to_assess"  # waits for a person
    CONFIRMED = "confirmed"  # child sexual abuse material; nobody told yet
    REFERRED = "referred"  # the police (or what the policy says) have been told
    AUTHORISED = "authorised"  # who must authorise removal has done so
    NOTIFIED = "notified"  # whoever may contact the host, or the partner, has
    REMOVED = "removed"  # seen gone, twice, with time between
    CLOSED = "closed"  # not for us, or nothing more to do; `outcome` says why


class Move(StrEnum):
    LOOK = "look"
    CONFIRM = "confirm"
    TAKE_BACK = "take_back"
    DISMISS = "dismiss"
    REFER = "refer"
    AUTHORISE = "authorise"
    UNAUTHORISE = "unauthorise"
    NOTIFY = "notify"
    REMOVE = "remove"
    REAPPEAR = "reappear"
    CONCLUDE = "conclude"
    REOPEN = "reopen"


S, M = State, Move
MOVES: dict[tuple[Move, State], State] = {
    (M.LOOK, S.NEW): S.TO_ASSESS,
    (M.CONFIRM, S.TO_ASSESS): S.CONFIRMED,
    # Before anybody outside was told: see `vigie.cases.deciding.undo` for how long.
    (M.TAKE_BACK, S.CONFIRMED): S.TO_ASSESS,
    (M.DISMISS, S.TO_ASSESS): S.CLOSED,
    (M.REFER, S.CONFIRMED): S.REFERRED,
    (M.AUTHORISE, S.REFERRED): S.AUTHORISED,
    # Written down by mistake, and nobody told since: see `vigie.dispatch.correcting`.
    (M.UNAUTHORISE, S.AUTHORISED): S.REFERRED,
    (M.NOTIFY, S.REFERRED): S.NOTIFIED,
    (M.NOTIFY, S.AUTHORISED): S.NOTIFIED,
    # Content may go at any time once it is confirmed: hosts act, owners flee.
    (M.REMOVE, S.REFERRED): S.REMOVED,
    (M.REMOVE, S.AUTHORISED): S.REMOVED,
    (M.REMOVE, S.NOTIFIED): S.REMOVED,
    (M.REAPPEAR, S.REMOVED): S.CONFIRMED,
    # What cannot be watched (an account, an app), or was left to others, ends by a person's word.
    (M.CONCLUDE, S.REFERRED): S.CLOSED,
    (M.CONCLUDE, S.AUTHORISED): S.CLOSED,
    (M.CONCLUDE, S.NOTIFIED): S.CLOSED,
    (M.REOPEN, S.CLOSED): S.TO_ASSESS,
}
# Where an item still waits for us: here its reasons give it its place in the queue.
WAITING = frozenset({S.NEW, S.TO_ASSESS})
WATCHED = frozenset({S.REFERRED, S.AUTHORISED, S.NOTIFIED, S.REMOVED})
# Confirmed: somebody outside knows of it, or is about to.
ON_ITS_WAY = WATCHED | {S.CONFIRMED}
ENDED = frozenset({S.REMOVED, S.CLOSED})
# What is taken up again is told, authorised and watched anew: nothing of the round before counts.
NEW_ROUND = frozenset({M.REAPPEAR, M.REOPEN, M.TAKE_BACK})


class IllegalMove(Exception):
    """The road has no such step: the page answers 409."""


class Stale(Exception):
    """A colleague was quicker: the item is no longer where the page showed it."""


def target(move: Move, state: State) -> State:
    """Where ``move`` leads from ``state``. Raises `IllegalMove`."""
    try:
        return MOVES[(move, state)]
    except KeyError:
        raise IllegalMove(f"{move} from {state}") from None
