"""The desk's pages about trusted providers."""

from django.urls import path

from vigie.matching.providers import views

urlpatterns = [
    path("", views.providers, name="providers"),
    path("add/", views.add, name="add_provider"),
    path("<int:pk>/revoke/", views.revoke, name="revoke_provider"),
    path("alarms/<uuid:pk>/", views.see, name="see_probe"),
]
