"""The public face of the campaign, in every language."""

from django.urls import path

from vigie.campaign import studio, views

urlpatterns = [
    path("", views.front, name="front"),
    path("facts/", views.facts, name="facts"),
    path("card/", studio.studio, name="studio"),
    path("card/preview/", studio.preview, name="studio_preview"),
]
