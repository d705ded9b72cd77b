"""The public figures."""

from django.urls import path

from vigie.figures import public_views

urlpatterns = [path("figures/", public_views.figures, name="figures")]
