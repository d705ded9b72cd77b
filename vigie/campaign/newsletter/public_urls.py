"""The newsletter on the public site, below ``newsletter/``."""

from django.urls import path

from vigie.campaign.newsletter import public_views as views

urlpatterns = [
    path("", views.newsletter, name="newsletter"),
    path("thanks/", views.thanks, name="newsletter_thanks"),
    path("confirm/<str:token>/", views.confirm, name="newsletter_confirm"),
    path("unsubscribe/<str:token>/", views.unsubscribe, name="newsletter_unsubscribe"),
]
