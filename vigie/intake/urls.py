"""Pages of the hotline itself. A code is never part of an address."""

from django.urls import path

from vigie.intake import views

urlpatterns = [
    path("report/", views.report, name="report"),
    path("report/sent/", views.sent, name="sent"),
    path("receipt/", views.receipt, name="receipt"),
    path("how/", views.how, name="how"),
    path("help/", views.help, name="help"),
    path("privacy/", views.privacy, name="privacy"),
]
