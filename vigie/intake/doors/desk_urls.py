"""The desk's pages about trusted senders."""

from django.urls import path

from vigie.intake.doors import desk_views

urlpatterns = [
    path("", desk_views.senders, name="senders"),
    path("<int:pk>/revoke/", desk_views.revoke, name="revoke_sender"),
]
