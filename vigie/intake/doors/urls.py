"""The page that explains the other doors."""

from django.urls import path

from vigie.intake.doors import views

urlpatterns = [path("doors/", views.doors, name="doors")]
