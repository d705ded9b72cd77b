from django.urls import path

from vigie.cases import agreement, care, queue_views, rules_views, together_views, views, words

urlpatterns = [
    path("", queue_views.queue, name="queue"),
    path("views/", queue_views.save_view, name="save_view"),
    path("views/<int:pk>/drop/", queue_views.drop_view, name="drop_view"),
    path("keys/", queue_views.single_keys, name="single_keys"),
    path("care/", care.care, name="care"),
    path("care/rest/", care.rest, name="rest"),
    path("care/looks/<int:pk>/", care.look_ended, name="look_ended"),
    path("agreement/", agreement.agreement, name="agreement"),
    path("rules/", rules_views.rules, name="rules"),
    path("rules/<int:number>/", rules_views.try_rules, name="try_rules"),
    path("rules/<int:number>/on/", rules_views.switch_on, name="switch_rules"),
    path("search/", queue_views.search, name="search"),
    path("items/<int:pk>/", views.item, name="item"),
    path("items/<int:pk>/assess/", views.assess, name="assess"),
    path("decisions/<int:pk>/", together_views.together, name="together"),
    path("decisions/<int:pk>/undo/", together_views.undo_all, name="undo_all"),
    path("items/<int:pk>/take/", views.take_over, name="take_over"),
    path("items/<int:pk>/words/", words.words, name="words"),
    path("items/<int:pk>/reports/<int:report_pk>/ask/", words.ask, name="ask"),
    path("items/<int:pk>/again/", views.look_again, name="look_again"),
    path("items/<int:pk>/reopen/", views.reopen, name="reopen"),
    path("items/<int:pk>/conclude/", views.conclude, name="conclude"),
    path("items/<int:pk>/pictures/<int:media_pk>/", views.still, name="still"),
]
