"""The worker: asks each room what is due, and does it. It remembers nothing between two rounds."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings

from vigie.campaign.kits.counting import fold_uses
from vigie.campaign.newsletter import work as newsletter
from vigie.campaign.wall.escalating import tell_leads
from vigie.campaign.wall.examining import examine
from vigie.campaign.wall.faces import count_faces
from vigie.campaign.wall.hung import compare_hung, newest_card
from vigie.campaign.wall.models import Escalation, Submission, Withdrawal
from vigie.campaign.wall.ports import Hashes, Hit
from vigie.campaign.wall.queue import count_waiting
from vigie.campaign.wall.services import purge_withdrawn
from vigie.cases.deciding.by_policy import confirm_known, what_is_new
from vigie.cases.models import CONFIRMING
from vigie.cases.routes import routing
from vigie.dispatch.models import Notice, Referral
from vigie.dispatch.services import plan_notices, plan_referrals, send_notice, send_referral
from vigie.dispatch.withdrawing import plan_withdrawals, send_withdrawal
from vigie.figures.services import publish_if_due
from vigie.intake.doors.mail.maildir import take_mail
from vigie.intake.models import Letter
from vigie.items import keys
from vigie.items.alarms import tell_on_call
from vigie.items.fairness import FAIR
from vigie.items.flow import WATCHED
from vigie.items.models import Alarm, Item, Question, ReceiptCourse
from vigie.items.questions import show
from vigie.items.receipts import advance
from vigie.items.selectors import waiting_for_look
from vigie.items.services import open_letter
from vigie.journal.heads import sign_head
from vigie.keeping.erasing import erase_due
from vigie.lib import clock
from vigie.lib.leftovers import empty_logs
from vigie.lib.work import work_off
from vigie.matching.following import keep_up
from vigie.matching.known import known_as
from vigie.matching.lists.feedback import send_feedback
from vigie.matching.lists.fetching import fetch_list, plan_lists
from vigie.matching.lists.four_eyes import forget_late_exports
from vigie.matching.lists.lookup import present_tick
from vigie.matching.models import Feedback, HashList
from vigie.matching.providers.services import tell_journal
from vigie.people.letters import send_letter
from vigie.people.models import StaffLetter
from vigie.tracing.services import look_at
from vigie.watch.services import check_item, plan_checks
from vigie.worker import troubles
from vigie.worker.rounds import LANES, Pulse, Seldom, WhenChanged


def _due(rows: object, step: object, **how: Any) -> int:
    return work_off(
        rows,  # type: ignore[arg-type]
        step,  # type: ignore[arg-type]
        lease_seconds=settings.LEASE_SECONDS,
        retry_seconds=settings.RETRY_SECONDS,
        **how,
    )


def sign_journal() -> int:
    """Sign the journal's head when the last signature is old enough."""
    folder, path = settings.KEYS, settings.JOURNAL_HEADS
    age = clock.now().timestamp() - path.stat().st_mtime if path.exists() else float("inf")
    if age < settings.HEADS_SECONDS:
        return 0
    return int(sign_head(path, (folder / "journal.key").read_bytes()))


def watched() -> object:
    return Item.objects.filter(state__in=[state.value for state in WATCHED])


def _known(pictures: Sequence[Hashes]) -> list[Hit | None]:
    kinds = ("md5", "sha1", "sha256", "pdq")
    values = [{kind: getattr(hashes, kind) for kind in kinds} for hashes in pictures]
    found = known_as(values, CONFIRMING, [hashes.parts for hashes in pictures])
    return [Hit(one.name, one.same) if one else None for one in found]


def _examine(submission: Submission) -> None:
    examine(submission, _known, count_faces)


def _compare_hung() -> int:
    return compare_hung(_known, present_tick())


def _hung_or_listed() -> tuple[int, int]:
    """Only a card that was hung, or a change of the lists or of our judgements, brings work."""
    return newest_card(), present_tick()


def _open_letters() -> int:
    """None is tried with a key that was replaced: a failed letter would wait longer and longer."""
    keys.refuse_stale()
    done = _due(Letter.objects.filter(flood=None), open_letter)
    # Part of each round is theirs: however much goes on to come, nobody in a flood waits for ever.
    return done + _due(Letter.objects.exclude(flood=None), open_letter, limit=FEW if done else MANY)


def _send_withdrawals() -> int:
    rows = (kind.objects.filter(step="withdrawing") for kind in (Referral, Notice))
    return sum(_due(letters, send_withdrawal) for letters in rows)


# A report that comes while visits are slow waits for no more of them than these.
FEW, MANY = 4, 20
Step = tuple[str, Callable[[], int]]

# Four lanes, each in the order of its road: neither a slow host nor a heap of cat pictures nor ten
# thousand letters of the newsletter may ever keep a report in the inbox or a referral on the desk.
# Each step is asked every round and answers how much it did.
OFFICE: list[Step] = [
    ("mail", take_mail),
    ("open letters", _open_letters),
    ("people on call", lambda: _due(Alarm.objects.filter(told_at=None), tell_on_call)),
    ("letters to colleagues", lambda: _due(StaffLetter.objects.all(), send_letter)),
    ("questions", lambda: _due(Question.objects.all(), show)),
    # Before what is told anew: whoever has both reads them in their order.
    ("plan withdrawals", plan_withdrawals),
    ("send withdrawals", _send_withdrawals),
    ("plan referrals", plan_referrals),
    ("send referrals", lambda: _due(Referral.objects.filter(step="planned"), send_referral)),
    ("plan notices", plan_notices),
    ("send notices", lambda: _due(Notice.objects.filter(step="ready"), send_notice)),
    ("plan checks", plan_checks),
    ("receipts", lambda: _due(ReceiptCourse.objects.all(), advance)),
    ("figures", lambda: int(publish_if_due())),
    ("escalations", lambda: _due(Escalation.objects.filter(told_at=None), tell_leads)),
    ("retention", Seldom(erase_due)),
    ("what was deleted", Seldom(empty_logs)),
    ("journal head", sign_journal),
]
OUTSIDE: list[Step] = [
    ("first looks", lambda: _due(waiting_for_look(), look_at, limit=FEW, order=FAIR)),
    ("checks", lambda: _due(watched(), check_item)),
]
CAMPAIGN: list[Step] = [
    ("withdrawals", lambda: _due(Withdrawal.objects.all(), purge_withdrawn)),
    ("examine cards", lambda: _due(Submission.objects.filter(state="arrived"), _examine)),
    ("compare cards that hang", WhenChanged(_compare_hung, _hung_or_listed)),
    ("count cards that wait", Seldom(count_waiting, seconds=20)),
    ("uses of kits", Seldom(fold_uses)),
    *newsletter.STEPS,
]
# What partners entrust to us (their servers are slow in their own ways), and what lists say of
# what waits: neither may keep a letter waiting.
LISTS: list[Step] = [
    ("partners' lists", plan_lists),
    ("fetch lists", lambda: _due(HashList.objects.exclude(source="file"), fetch_list, limit=FEW)),
    ("feedback", lambda: _due(Feedback.objects.filter(sent_at=None), send_feedback)),
    ("late exports", forget_late_exports),
    ("providers", tell_journal),
    ("index of hashes", Seldom(keep_up, seconds=5)),
    ("confirm by policy", WhenChanged(confirm_known, what_is_new)),
    ("route", WhenChanged(routing.route_waiting, routing.what_is_new)),
]
BY_NAME = dict(zip(LANES, (OFFICE, OUTSIDE, CAMPAIGN, LISTS), strict=True))


def one_round(steps: Sequence[Step] = (*OFFICE, *OUTSIDE, *CAMPAIGN, *LISTS)) -> int:
    """Do everything that is due once. A step that cannot even ask never stops the others."""
    done, failing = 0, troubles.failing()
    for name, step in steps:
        try:
            done += step()
        except Exception as error:
            troubles.remember(name, error)
        else:
            if name in failing:
                troubles.forget(name)
    return done


def keep_on(lane: str, stop: threading.Event, idle_seconds: float) -> None:
    """Round after round until told to stop, resting only when nothing was due."""
    pulse = Pulse(lane)
    while not stop.is_set():
        pulse.beat()
        if one_round(BY_NAME[lane]) == 0:
            stop.wait(idle_seconds)
