"""The table of moves is the diagram that people read (docs/road.md), for every move and state.

The diagram is the second source: a move that is put into the table or taken out of it without
anybody saying so is noticed here.
"""

import re

import pytest

from tests.environment import ROOT
from vigie.items.flow import ENDED, MOVES, WATCHED, IllegalMove, Move, State, target

pytestmark = pytest.mark.pure
ARROW = re.compile(r"^\s*(\w+) -->\|(\w+)(?:: [^|]*)?\| (\w+)$", re.MULTILINE)
DRAWN = {
    (Move(move), State(state)): State(to)
    for state, move, to in ARROW.findall((ROOT / "docs/road.md").read_text())
}


def test_the_diagram_was_read():
    assert len(DRAWN) == 17
    assert DRAWN[(Move.REAPPEAR, State.REMOVED)] == State.CONFIRMED


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("move", Move)
def test_a_move_leads_where_the_diagram_says_or_nowhere(move, state):
    if (move, state) in DRAWN:
        assert target(move, state) == DRAWN[(move, state)]
    else:
        with pytest.raises(IllegalMove, match=f"{move} from {state}"):
            target(move, state)


@pytest.mark.parametrize("move", Move)
def test_every_move_leads_somewhere_from_somewhere(move):
    assert move in {which for which, _ in MOVES}


def _reachable(start: State) -> set[State]:
    seen, ahead = {start}, [start]
    while ahead:
        here = ahead.pop()
        new = {to for (_, frm), to in MOVES.items() if frm == here} - seen
        seen |= new
        ahead += new
    return seen


def test_every_state_is_on_the_road():
    assert _reachable(State.NEW) == set(State)


@pytest.mark.parametrize("state", State)
def test_no_state_is_a_trap(state):
    assert _reachable(state) & ENDED


def test_nothing_is_confirmed_without_a_person_but_what_was_confirmed_before():
    into = {(move, frm) for (move, frm), to in MOVES.items() if to == State.CONFIRMED}
    assert into == {(Move.CONFIRM, State.TO_ASSESS), (Move.REAPPEAR, State.REMOVED)}


def test_only_what_was_confirmed_is_watched():
    assert all((Move.REMOVE, state) in MOVES for state in WATCHED - {State.REMOVED})
    assert not any((Move.REMOVE, state) in MOVES for state in set(State) - WATCHED)
