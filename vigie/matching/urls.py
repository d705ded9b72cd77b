"""Hash lists on the desk, below ``lists/``."""

from django.urls import path

from vigie.matching import views

urlpatterns = [
    path("", views.hash_lists, name="hash_lists"),
    path("<int:pk>/", views.hash_list, name="hash_list"),
    path("<int:pk>/ask/", views.ask_change, name="ask_list_change"),
    path("export/", views.ask_export, name="ask_hash_export"),
    path("exports/<int:pk>/", views.take_export, name="take_hash_export"),
    path("find/", views.find_hash, name="find_hash"),
    path("entries/<int:pk>/", views.judge_hash, name="judge_hash"),
]
