"""Eight people press at the same moment: the item moves once, and the journal says so once.

The databases' own locks decide, so these run with real commits, on SQLite and on PostgreSQL.
"""

import json
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import IntegrityError

from tests.databases import in_threads
from vigie.items.flow import IllegalMove, Move, Stale, State
from vigie.items.models import Item
from vigie.items.services import hold_item, move_item
from vigie.items.tests.support import an_item, columns_of, lines_about

at_once = pytest.mark.django_db(transaction=True, databases="__all__")


def _page(item: Item) -> Item:
    return Item.objects.get(pk=item.pk)


def _pressed(item: Item, move: Move, who: int) -> Callable[[], Item]:
    page = _page(item)
    return lambda: move_item(page, move, f"staff:{who}", outcome=f"by {who}")


@at_once
def test_the_same_button_moves_an_item_once():
    item = an_item(State.TO_ASSESS)
    done = in_threads([_pressed(item, Move.CONFIRM, who) for who in range(8)])
    assert Counter(type(answer) for answer in done) == {Item: 1, Stale: 7}
    (line,) = lines_about(item)
    assert columns_of(item)["state"] == State.CONFIRMED
    # The line and the columns that go with the move are the winner's, nobody else's.
    winner = next(who for who, answer in enumerate(done) if isinstance(answer, Item))
    assert (line.actor, columns_of(item)["outcome"]) == (f"staff:{winner}", f"by {winner}")


@at_once
def test_a_button_on_a_page_read_in_the_same_moment_moves_an_item_once():
    item = an_item(State.TO_ASSESS)
    done = in_threads([lambda: move_item(_page(item), Move.CONFIRM, "staff:1")] * 8)
    assert Counter(isinstance(answer, Item) for answer in done) == {True: 1, False: 7}
    assert {type(answer) for answer in done} <= {Item, Stale, IllegalMove}
    assert len(lines_about(item)) == 1


@at_once
def test_of_two_different_buttons_one_counts():
    item = an_item(State.TO_ASSESS)
    moves = [Move.CONFIRM, Move.DISMISS] * 4
    done = in_threads([_pressed(item, move, who) for who, move in enumerate(moves)])
    assert Counter(type(answer) for answer in done) == {Item: 1, Stale: 7}
    won = next(move for move, answer in zip(moves, done, strict=True) if isinstance(answer, Item))
    (line,) = lines_about(item)
    assert json.loads(line.detail)["move"] == won
    ends = {Move.CONFIRM: State.CONFIRMED, Move.DISMISS: State.CLOSED}
    assert columns_of(item)["state"] == json.loads(line.detail)["to"] == ends[won]


@at_once
def test_silence_asked_for_by_eight_is_one_silence():
    item = an_item(State.REFERRED)
    done = in_threads([lambda: hold_item(item, "staff:1", held=True)] * 8)
    assert Counter(type(answer) for answer in done) == {type(None): 1, Stale: 7}
    assert columns_of(item)["held"] is True
    assert [line.verb for line in lines_about(item)] == ["item.held"]


@at_once
def test_eight_items_moved_at_once_do_not_wait_for_each_other_in_vain():
    items = [an_item(State.TO_ASSESS) for _ in range(8)]
    done = in_threads([_pressed(item, Move.DISMISS, who) for who, item in enumerate(items)])
    assert [type(answer) for answer in done] == [Item] * 8
    assert [len(lines_about(item)) for item in items] == [1] * 8


@at_once
def test_a_move_that_cannot_be_written_down_is_not_made():
    item = an_item(State.TO_ASSESS)
    nobody: str = None  # type: ignore[assignment]  # the journal refuses a line without an actor
    with pytest.raises(IntegrityError):
        move_item(item, Move.CONFIRM, nobody)
    with pytest.raises(IntegrityError):
        hold_item(item, nobody, held=True)
    assert columns_of(item)["state"] == State.TO_ASSESS
    assert columns_of(item)["held"] is False
    assert lines_about(item) == []
