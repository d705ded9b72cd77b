"""Addresses of the wall that are the same in every language."""

from django.urls import path

from vigie.campaign.wall import embeds, views

urlpatterns = [
    path("wall/picture/<str:file>", views.picture, name="wall_picture"),
    path("oembed/", embeds.oembed, name="oembed"),
    path("embed/counter-<slug:language>.svg", embeds.counter_picture, name="counter_picture"),
    path("feed/<slug:language>.xml", embeds.feed, name="feed"),
]
