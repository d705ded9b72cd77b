"""A step that looks through much is asked when something changed, and now and then all the same."""

import pytest

from vigie.worker.rounds import WhenChanged

pytestmark = pytest.mark.pure


class Step:
    def __init__(self, *done: int) -> None:
        self.done, self.asked, self.mark = list(done), 0, 0

    def __call__(self) -> int:
        self.asked += 1
        return self.done.pop(0) if self.done else 0


def test_it_is_asked_again_while_it_finds_something_and_when_the_mark_moves():
    step = Step(3)
    often = WhenChanged(step, lambda: step.mark)
    assert [often() for _ in range(4)] == [3, 0, 0, 0]
    assert step.asked == 2
    step.mark = 1
    often()
    often()
    assert step.asked == 3


def test_it_is_asked_after_a_while_though_nothing_left_a_mark():
    step = Step()
    often = WhenChanged(step, lambda: step.mark, seconds=0)
    often()
    often()
    assert step.asked == 2


def test_a_step_that_fails_is_asked_again():
    step = Step()
    step.done = [0]
    often = WhenChanged(lambda: 1 // step(), lambda: step.mark)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            often()
    assert step.asked == 2
