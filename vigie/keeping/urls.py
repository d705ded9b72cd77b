from django.urls import path

from vigie.keeping import views

urlpatterns = [
    path("", views.retention, name="retention"),
    path("hold/", views.hold_data, name="hold_data"),
    path("hold/<int:pk>/lift/", views.lift_data, name="lift_data"),
    path("clock/", views.confirm_clock, name="confirm_clock"),
]
