"""Whatever happens, and in whatever order: at the end the police hold what stands, and no more.

Hypothesis lets people confirm, take back, end and open again, and the worker tell, with a mail
server that fails in two ways. The model knows only which rounds a person took back.
"""

from datetime import timedelta

import pytest
import time_machine
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from hypothesis.stateful import run_state_machine_as_test as run

from tests.factories import a_look, an_item, decided, hosted
from vigie.cases.deciding import reopening
from vigie.cases.deciding.services import conclude
from vigie.cases.models import Assessment
from vigie.dispatch.services import plan_referrals
from vigie.dispatch.tests.support import CLOSES, POLICE, MailHost, send_due
from vigie.dispatch.withdrawing import plan_withdrawals
from vigie.items.flow import Move, State
from vigie.items.models import Item
from vigie.items.services import move_item
from vigie.lib import clock
from vigie.staff.models import User
from vigie.worker.loop import _send_withdrawals

pytestmark = pytest.mark.rest
TOLD = (State.REFERRED, State.AUTHORISED, State.NOTIFIED)


class Telling(RuleBasedStateMachine):
    """``void``: rounds of which a person took the decision back."""

    post: MailHost
    lead: User
    seen: set[str] = set()
    number = 0

    @initialize()
    def begin(self) -> None:
        Telling.number += 1
        self.item = an_item(f"http://galerie.nord.test/a/w{Telling.number}")
        hosted(a_look(self.item), "BE")
        self.void: set[int] = set()
        self.before = len(self.post.taken)

    def _now(self) -> Item:
        self.item = Item.objects.get(pk=self.item.pk)
        return self.item

    @rule()
    def confirm_or_take_back(self) -> None:
        item = self._now()
        if item.state == State.TO_ASSESS:
            decided(item, item.looks.latest("pk"))
        elif item.state in (*TOLD, State.CONFIRMED):
            self.void |= set(range(1, item.round + 1))
            self.seen.add(f"taken back from {item.state}")
            last = Assessment.objects.filter(item=item).select_related("item").latest("pk")
            reopening.take_back(last, self.lead, "an error")

    @rule()
    def end_or_open_again(self) -> None:
        item = self._now()
        if item.state in TOLD:
            conclude(item, self.lead)
        elif item.state == State.CLOSED:
            self.void |= set(range(1, item.round + 1))
            reopening.reopen(item, self.lead)

    @rule()
    def go_away_or_come_back(self) -> None:
        item = self._now()
        if item.state in TOLD:
            move_item(item, Move.REMOVE, "worker")
            self.seen.add("went away")
        elif item.state == State.REMOVED:
            move_item(item, Move.REAPPEAR, "worker")

    @rule()
    def the_worker_plans_and_is_killed(self) -> None:
        plan_referrals()

    @rule(end=st.sampled_from(["250 kept", "250 kept", CLOSES, "451 4.3.0 later"]))
    def the_worker_tells(self, end: str) -> None:
        self.post.answers["END"] = end
        plan_withdrawals()
        _send_withdrawals()
        plan_referrals()
        send_due()
        self.post.answers.clear()

    def teardown(self) -> None:
        if not hasattr(self, "item"):
            return
        for hours in (7, 14, 21):
            with time_machine.travel(clock.now() + timedelta(hours=hours)):
                self.the_worker_tells("250 kept")
        subjects = [letter["Subject"] for letter in self.post.taken[self.before :]]
        steps = dict(self.item.referrals.values_list("round", "step"))
        for referral in self.item.referrals.all():
            had = f"Vigie referral {referral.reference}" in subjects
            undone = f"Vigie withdrawal {referral.reference}" in subjects
            assert not had or undone == (referral.round in self.void), (subjects, steps)
            assert had or referral.step in ("dropped", "withdrawn")
            self.seen.add(referral.step)
        if self._now().state == State.REFERRED:
            assert steps[self.item.round] == "sent"


@pytest.mark.django_db(databases="__all__")
def test_at_the_end_the_police_hold_what_stands_and_no_more(policy, post, lead):
    Telling.post, Telling.lead, Telling.seen = post, lead, set()
    run(
        Telling,
        settings=settings(
            max_examples=40,
            stateful_step_count=10,
            derandomize=True,
            deadline=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert set(post.sent_to) == {POLICE}
    assert {"sent", "withdrawn"} <= Telling.seen
    assert {"taken back from confirmed", "taken back from referred"} <= Telling.seen
