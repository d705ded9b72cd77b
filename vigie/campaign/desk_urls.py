from django.urls import path

from vigie.campaign import desk, desk_pages, desk_photo

urlpatterns = [
    path("", desk.campaigns, name="campaigns"),
    path("<slug:slug>/settings/", desk.settings_page, name="campaign_settings"),
    path("<slug:slug>/photo/", desk_photo.photo_page, name="campaign_photo"),
    path("<slug:slug>/words/<slug:language>/", desk.words_page, name="campaign_words"),
    path("<slug:slug>/pages/<slug:language>/", desk_pages.pages, name="campaign_pages"),
    path("<slug:slug>/card/<slug:language>/<slug:size>/", desk.card, name="campaign_card"),
    path("<slug:slug>/preview/<slug:language>/", desk.preview, name="campaign_preview"),
]
