"""The newsletter on the desk, below ``campaign/newsletter/``."""

from django.urls import path

from vigie.campaign.newsletter import desk_views as views

urlpatterns = [
    path("", views.newsletter, name="newsletter"),
    path("new/", views.begin, name="newsletter_new"),
    path("export/ask/", views.ask_newsletter_export, name="ask_newsletter_export"),
    path("export/", views.export, name="newsletter_export"),
    path("<int:pk>/", views.edition, name="edition"),
    path("<int:pk>/write/", views.write, name="edition_write"),
    path("<int:pk>/preview/", views.preview, name="edition_preview"),
    path("<int:pk>/test/", views.test, name="edition_test"),
    path("<int:pk>/send/", views.send, name="edition_send"),
    path("<int:pk>/stop/", views.stop, name="edition_stop"),
]
