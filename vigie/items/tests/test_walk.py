"""Whatever is pressed, in whatever order and on whatever old page, an item keeps to the road.

Hypothesis walks items through the real services and the real database, beside a model of a few
lines. Checked after every step: the item is where the model has it; the journal grew by exactly
one line for what was done, and by none for what was refused; and the chain of lines is whole.
"""

import copy
import json

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from hypothesis.stateful import run_state_machine_as_test as run

from tests.environment import THOROUGH
from vigie.items.flow import MOVES, IllegalMove, Move, Stale, State
from vigie.items.models import Item
from vigie.items.services import hold_item, move_item, set_due
from vigie.items.tests.support import an_item, columns_of, lines_about
from vigie.journal.chain import faults
from vigie.journal.heads import lines
from vigie.lib import clock

LEGAL_FROM = {state: sorted(m for m, s in MOVES if s == state) for state in State}


class Pressing(RuleBasedStateMachine):
    """``pages``: copies of the item as people's pages still show it, the newest last."""

    walked: set[tuple[str, str]] = set()
    refused: set[type[Exception]] = set()

    @initialize(state=st.sampled_from(State))
    def begin(self, state: State) -> None:
        self.item = an_item(state)
        self.state, self.round, self.held = state, 1, False
        self.pages = [copy.copy(self.item)]
        self.said: list[tuple[str, dict[str, str]]] = []

    @rule(move=st.sampled_from(Move), page=st.integers(0, 20))
    def press_anything(self, move: Move, page: int) -> None:
        self._press(move, self.pages[page % len(self.pages)])

    @rule(choice=st.sampled_from(range(60)))
    def press_what_the_page_offers(self, choice: int) -> None:
        legal = LEGAL_FROM[self.state]
        self._press(legal[choice % len(legal)], self.pages[-1])

    def _press(self, move: Move, page: Item) -> None:
        before, shown = columns_of(self.item), State(page.state)
        try:
            move_item(copy.copy(page), move, "staff:1", outcome=str(move))
        except (IllegalMove, Stale) as error:
            illegal = (move, shown) not in MOVES
            stale = (shown, page.round) != (self.state, self.round)
            assert illegal if isinstance(error, IllegalMove) else stale and not illegal
            assert columns_of(self.item) == before
            self.refused.add(type(error))
            return
        assert (shown, page.round) == (self.state, self.round)
        self.state = MOVES[(move, self.state)]
        self.round += move in (Move.REAPPEAR, Move.REOPEN, Move.TAKE_BACK)
        self.walked.add((move, shown))
        self.said.append(("item.moved", {"move": move, "frm": shown, "to": self.state}))
        self.pages.append(Item.objects.get(pk=self.item.pk))

    @rule(held=st.booleans(), page=st.integers(0, 20))
    def ask_for_silence_or_lift_it(self, held: bool, page: int) -> None:
        try:
            hold_item(self.pages[page % len(self.pages)], "staff:2", held=held)
        except Stale:
            assert self.held == held
            return
        assert self.held != held
        self.held = held
        self.said.append(("item.held" if held else "item.released", {}))

    @rule(soon=st.booleans())
    def set_when_the_worker_looks(self, soon: bool) -> None:
        due_at = clock.now() if soon else None
        Item.objects.filter(pk=self.item.pk).update(attempts=3, last_error="TimeoutError")
        set_due(self.item, due_at)
        now = columns_of(self.item)
        assert (now["due_at"], now["attempts"], now["last_error"]) == (due_at, 0, "")

    @invariant()
    def the_item_is_where_the_model_has_it(self) -> None:
        now = columns_of(self.item)
        assert (now["state"], now["round"], now["held"]) == (self.state, self.round, self.held)

    @invariant()
    def the_journal_says_what_was_done_and_no_more(self) -> None:
        written = [(line.verb, json.loads(line.detail)) for line in lines_about(self.item)]
        assert written == self.said

    def teardown(self) -> None:
        assert not list(faults(lines(), {}))


@pytest.mark.django_db
def test_an_item_keeps_to_the_road_whatever_is_pressed():
    Pressing.walked, Pressing.refused = set(), set()
    run(
        Pressing,
        settings=settings(
            max_examples=100 if THOROUGH else 75,
            stateful_step_count=25,
            derandomize=True,
            deadline=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        ),
    )
    # The walk is worth something only if it went everywhere and was refused in both ways.
    assert Pressing.walked == set(MOVES)
    assert Pressing.refused == {IllegalMove, Stale}


@pytest.mark.django_db
def test_a_page_from_an_earlier_round_is_stale_though_the_state_is_the_same():
    item = an_item(State.CONFIRMED)
    old = copy.copy(item)
    for move in (Move.REFER, Move.REMOVE):
        move_item(item, move, "worker")
    move_item(item, Move.REAPPEAR, "worker")
    assert (item.state, item.round) == (old.state, old.round + 1)
    with pytest.raises(Stale):
        move_item(old, Move.REFER, "worker")
    assert (item.state, len(lines_about(item))) == (State.CONFIRMED, 3)
