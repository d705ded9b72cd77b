"""Addresses of the campaign that are the same in every language: its own pictures."""

from django.urls import path

from vigie.campaign import pictures

PLACE = "<slug:slug>-<int:version>/<slug:language>/<slug:size>"
urlpatterns = [
    path(f"campaign/overlay/{PLACE}.webp", pictures.overlay_picture, name="overlay"),
    path(
        "campaign/strip/<slug:slug>-<int:version>/<slug:size>.png",
        pictures.strip_picture,
        name="strip",
    ),
    path(f"campaign/blank/{PLACE}.jpg", pictures.blank_picture, name="blank"),
    path(f"campaign/message/{PLACE}.svg", pictures.message_picture, name="message"),
    path(f"campaign/card/{PLACE}.jpg", pictures.sample_picture, name="sample"),
]
