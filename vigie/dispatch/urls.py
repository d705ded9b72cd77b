from django.urls import path

from vigie.dispatch import errand_views, views

urlpatterns = [
    path("letters/", views.letters, name="letters"),
    path("letters/errands/<int:pk>/", errand_views.write_down, name="write_errand"),
    path("letters/referrals/<int:pk>/", views.referral, name="referral"),
    path("letters/referrals/<int:pk>/acknowledge/", views.acknowledge, name="acknowledge"),
    path("letters/referrals/<int:pk>/authorise/", views.authorise, name="authorise"),
    path(
        "letters/referrals/<int:pk>/unauthorise/",
        views.take_back_authorisation,
        name="take_back_authorisation",
    ),
    path(
        "letters/referrals/<int:pk>/reference/", views.correct_reference, name="correct_reference"
    ),
    path("letters/referrals/<int:pk>/refuse/", views.refuse, name="refuse"),
    path("letters/referrals/<int:pk>/contacted/", views.host_contacted, name="host_contacted"),
    path("letters/referrals/<int:pk>/hold/", views.hold, name="hold"),
    path("letters/notices/<int:pk>/approve/", views.approve, name="approve_notice"),
    path("letters/notices/<int:pk>/contact/", views.name_contact, name="name_contact"),
]
