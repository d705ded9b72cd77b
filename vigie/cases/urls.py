from django.urls import path

from vigie.cases.deciding import agreement, training
from vigie.cases.desk import queue_views, site_views, together_views, views, words
from vigie.cases.looks import still_views
from vigie.cases.routes import rules_views
from vigie.cases.welfare import care

urlpatterns = [
    path("", queue_views.queue, name="queue"),
    path("views/", queue_views.save_view, name="save_view"),
    path("views/<int:pk>/drop/", queue_views.drop_view, name="drop_view"),
    path("keys/", queue_views.single_keys, name="single_keys"),
    path("care/", care.care, name="care"),
    path("care/rest/", care.rest, name="rest"),
    path("care/manner/", care.choose_manner, name="choose_manner"),
    path("care/calm/", care.calmed, name="calmed"),
    path("care/looks/<int:pk>/", care.look_ended, name="look_ended"),
    path("agreement/", agreement.agreement, name="agreement"),
    path("rules/", rules_views.rules, name="rules"),
    path("rules/write/", rules_views.write_rules, name="write_rules"),
    path("rules/form/", rules_views.edit_rules, name="edit_rules"),
    path("rules/lanes/", rules_views.give_lane, name="give_lane"),
    path("rules/<int:number>/", rules_views.try_rules, name="try_rules"),
    path("rules/<int:number>/on/", rules_views.ask_switch, name="switch_rules"),
    path("training/", training.training, name="training"),
    path("training/<int:pk>/", training.training_run, name="training_run"),
    path("search/", queue_views.search, name="search"),
    path("items/<int:pk>/", views.item, name="item"),
    path("items/<int:pk>/assess/", views.assess, name="assess"),
    path("decisions/<int:pk>/", together_views.together, name="together"),
    path("decisions/<int:pk>/undo/", together_views.undo_all, name="undo_all"),
    path("items/<int:pk>/take/", views.take_over, name="take_over"),
    path("items/<int:pk>/put-back/", views.put_back, name="put_back"),
    path("items/<int:pk>/site/", site_views.case, name="case"),
    path("items/<int:pk>/notes/", site_views.write_note, name="write_note"),
    path("items/<int:pk>/words/", words.words, name="words"),
    path("items/<int:pk>/reports/<int:report_pk>/ask/", words.ask, name="ask"),
    path("items/<int:pk>/again/", views.look_again, name="look_again"),
    path("items/<int:pk>/reopen/", views.reopen, name="reopen"),
    path("items/<int:pk>/conclude/", views.conclude, name="conclude"),
    path("items/<int:pk>/pictures/<int:media_pk>/", still_views.still, name="still"),
]
