"""What a manager looks at, and what takes two people."""

from django.urls import path

from vigie.oversight import acts, looking, overview, policies

urlpatterns = [
    path("overview/", overview.overview, name="overview"),
    path("acts/", acts.acts, name="acts"),
    path("acts/<int:pk>/", acts.answer_act, name="answer_act"),
    path("policies/", policies.policies, name="policies"),
    path("policies/looking/", looking.propose_limits, name="propose_limits"),
    path("policies/<str:which>/", policies.propose_policy, name="propose_policy"),
]
