from django.urls import path

from vigie.cases import care, views, words

urlpatterns = [
    path("", views.queue, name="queue"),
    path("care/", care.care, name="care"),
    path("care/rest/", care.rest, name="rest"),
    path("care/looks/<int:pk>/", care.look_ended, name="look_ended"),
    path("search/", views.search, name="search"),
    path("items/<int:pk>/", views.item, name="item"),
    path("items/<int:pk>/assess/", views.assess, name="assess"),
    path("items/<int:pk>/take/", views.take_over, name="take_over"),
    path("items/<int:pk>/words/", words.words, name="words"),
    path("items/<int:pk>/reports/<int:report_pk>/ask/", words.ask, name="ask"),
    path("items/<int:pk>/again/", views.look_again, name="look_again"),
    path("items/<int:pk>/reopen/", views.reopen, name="reopen"),
    path("items/<int:pk>/conclude/", views.conclude, name="conclude"),
    path("items/<int:pk>/pictures/<int:media_pk>/", views.still, name="still"),
]
