"""The page that explains the other doors, and the share button of a telephone."""

from django.urls import path

from vigie.intake.doors import share, views

urlpatterns = [
    path("doors/", views.doors, name="doors"),
    path("doors/app.webmanifest", share.manifest, name="manifest"),
    path("share/", share.share, name="share"),
]
