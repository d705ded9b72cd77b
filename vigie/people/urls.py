"""People, their sessions, and the links that come by mail."""

from django.urls import path

from vigie.people import account_views, views

urlpatterns = [
    path("people/", views.people, name="people"),
    path("people/invite/", views.invite, name="invite"),
    path(
        "people/invitations/<int:pk>/withdraw/",
        views.withdraw_invitation,
        name="withdraw_invitation",
    ),
    path("people/teams/", views.make_team, name="make_team"),
    path("people/teams/<int:pk>/dissolve/", views.dissolve_team, name="dissolve_team"),
    path("people/<int:pk>/", views.person, name="person"),
    path("people/<int:pk>/account/", views.change_account, name="change_account"),
    path("people/<int:pk>/teams/", views.set_teams, name="set_teams"),
    path("people/<int:pk>/sign-out/", views.sign_out, name="sign_out"),
    path("people/<int:pk>/leave/", views.leave, name="leave"),
    path("people/<int:pk>/recover/", views.ask_recovery, name="ask_recovery"),
    path("account/sessions/", account_views.sessions, name="sessions"),
    path("account/sessions/change/", account_views.change_session, name="change_session"),
    path(
        "account/sessions/everywhere/",
        account_views.sign_out_everywhere,
        name="sign_out_everywhere",
    ),
    path("join/<str:token>/", account_views.join, name="join"),
    path(
        "account/password/<int:pk>/<str:token>/",
        account_views.choose_password,
        name="choose_password",
    ),
]
