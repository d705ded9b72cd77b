"""Every address of the public site. The desk has its own map, in another program."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from config import public_views

handler400 = "config.public_views.bad_request"
handler404 = "config.public_views.not_found"
handler500 = "config.public_views.failed"

urlpatterns = [
    path("", public_views.root, name="root"),
    path("robots.txt", public_views.robots, name="robots"),
    path("healthz", public_views.healthz, name="healthz"),
    path("api/v1/", include("vigie.intake.doors.api_urls")),
    path("", include("vigie.campaign.plain_urls")),
    path("", include("vigie.campaign.wall.plain_urls")),
    *i18n_patterns(
        path("", include("vigie.campaign.urls")),
        path("", include("vigie.campaign.wall.urls")),
        path("", include("vigie.campaign.kits.urls")),
        path("newsletter/", include("vigie.campaign.newsletter.public_urls")),
        path("", include("vigie.intake.urls")),
        path("", include("vigie.intake.doors.urls")),
        path("", include("vigie.figures.public_urls")),
        path("accessibility/", public_views.accessibility, name="accessibility"),
        prefix_default_language=True,
    ),
]
