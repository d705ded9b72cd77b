from django.urls import path

from vigie.campaign.wall import desk, desk_hung

urlpatterns = [
    path("wall/", desk.moderate, name="moderate"),
    path("wall/<uuid:submission>/<str:kind>/", desk.still, name="submission_picture"),
    path("wall/hung/", desk_hung.hung_page, name="hung"),
    path("wall/hung/<str:file>", desk_hung.hung_picture, name="hung_picture"),
    path("wall/set-aside/", desk.escalations, name="escalations"),
    path("wall/set-aside/<int:pk>/", desk.seen, name="escalation_seen"),
]
