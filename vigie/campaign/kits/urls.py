"""Ready-made material, in every language."""

from django.urls import path

from vigie.campaign.kits import views

urlpatterns = [
    path("press/", views.press, name="press"),
    path("press/pack.zip", views.press_pack, name="press_pack"),
    path("sheet.pdf", views.sheet, name="sheet"),
    path("kit/<slug:code>/", views.kit_page, name="kit"),
]
