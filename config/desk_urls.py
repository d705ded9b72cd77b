"""The desk: everything but signing in needs a member of staff, a second factor and a permission."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from vigie.figures.desk_views import desk_figures
from vigie.journal.views import journal
from vigie.lib.access import public
from vigie.staff.demo import demo_accounts
from vigie.tracing.views import mandate, withdraw
from vigie.worker.views import failures


@public
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


urlpatterns = [
    path("healthz", healthz),
    path("queue/", include("vigie.cases.urls")),
    path("", include("vigie.dispatch.urls")),
    path("campaign/newsletter/", include("vigie.campaign.newsletter.desk_urls")),
    path("", include("vigie.watch.urls")),
    path("lists/", include("vigie.matching.urls")),
    path("providers/", include("vigie.matching.providers.urls")),
    path("senders/", include("vigie.intake.doors.desk_urls")),
    path("figures/", desk_figures, name="figures"),
    path("failures/", failures, name="failures"),
    path("journal/", journal, name="journal"),
    path("retention/", include("vigie.keeping.urls")),
    path("mandate/", mandate, name="mandate"),
    path("mandate/withdraw/", withdraw, name="withdraw_mandate"),
    path("campaign/", include("vigie.campaign.desk_urls")),
    path("campaign/", include("vigie.campaign.wall.desk_urls")),
    path("campaign/", include("vigie.campaign.kits.desk_urls")),
    path("", include("vigie.people.urls")),
    path("", include("vigie.oversight.urls")),
    path("", include("vigie.staff.urls")),
]
if settings.DEMO:
    urlpatterns.append(path("demo/", demo_accounts, name="demo_accounts"))

handler403 = "vigie.staff.errors.forbidden"
handler404 = "vigie.staff.errors.not_found"
handler500 = "vigie.staff.errors.broken"
