from django.urls import path

from vigie.watch import views

urlpatterns = [path("watch/", views.watched, name="watched")]
