"""Pages of the hotline itself. A code is never part of an address."""

from django.urls import path

from vigie.intake import following, further, own, views

urlpatterns = [
    path("report/", views.report, name="report"),
    path("report/sent/", views.sent, name="sent"),
    path("report/more/", further.more, name="more"),
    path("for-me/", own.own, name="own"),
    path("for-me/sent/", own.own_sent, name="own_sent"),
    path("receipt/", following.receipt, name="receipt"),
    path("how/", views.how, name="how"),
    path("help/", views.help, name="help"),
    path("privacy/", views.privacy, name="privacy"),
]
