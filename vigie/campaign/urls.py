"""The public face of the campaign."""

from django.urls import path

from vigie.campaign import views

urlpatterns = [
    path("", views.front, name="front"),
    path("facts/", views.facts, name="facts"),
]
