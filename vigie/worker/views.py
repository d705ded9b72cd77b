"""What failed, and when it is tried again: nothing fails silently."""

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from vigie.campaign.newsletter.work import WORK as NEWSLETTER
from vigie.campaign.wall.models import Escalation, Submission, Withdrawal
from vigie.dispatch.models import Notice, Referral
from vigie.intake.models import Letter
from vigie.items.models import Alarm, Item, Question, ReceiptCourse
from vigie.lib.work import Due
from vigie.matching.models import Feedback, HashList
from vigie.people.models import StaffLetter
from vigie.staff.access import StaffRequest, requires
from vigie.staff.permissions import Permission
from vigie.worker.models import FailedStep

ROAD: list[type[Due]] = [Letter, Alarm, Question, Item, Referral, Notice, ReceiptCourse]
# Often tried and no error: each time the worker was gone before it could say why.
FAILED = ~Q(last_error="") | Q(attempts__gte=3)
BESIDE: list[type[Due]] = [Submission, Withdrawal, Escalation, HashList, Feedback, StaffLetter]
WORK: list[type[Due]] = [*ROAD, *NEWSLETTER, *BESIDE]


@requires(Permission.FAILURES_READ)
@require_GET
def failures(request: StaffRequest) -> HttpResponse:
    rows = [
        {"kind": model._meta.verbose_name, "pk": row.pk, "row": row}
        for model in WORK
        for row in model._default_manager.filter(FAILED).order_by("due_at")[:50]
    ]
    steps = FailedStep.objects.order_by("since")
    return render(request, "worker/failures.html", {"rows": rows, "steps": steps})
