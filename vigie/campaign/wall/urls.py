"""The wall, in every language."""

from django.urls import path

from vigie.campaign.wall import embeds, views

urlpatterns = [
    path("wall/", views.wall_page, name="wall"),
    path("wall/back/<str:token>/", views.withdraw_page, name="withdraw"),
    path("wall/<str:slug>/", views.card_page, name="card"),
    path("embed/", embeds.how, name="embeds"),
    path("embed/counter/", embeds.counter, name="embed_counter"),
    path("embed/wall/", embeds.small_wall, name="embed_wall"),
    path("screen/", embeds.screen, name="screen"),
]
