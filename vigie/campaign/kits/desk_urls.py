from django.urls import path

from vigie.campaign.kits import desk

urlpatterns = [
    path("kits/", desk.kits, name="kits"),
    path("kits/<int:pk>/close/", desk.close, name="close_kit"),
    path("posts/", desk.posts, name="posts"),
    path("posts/<int:pk>/", desk.post, name="post"),
    path("posts/<int:pk>/drop/", desk.drop, name="drop_post"),
    path("posts/<int:pk>/pack/", desk.pack, name="post_pack"),
]
