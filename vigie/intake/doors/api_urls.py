"""The API of trusted senders, under one address in every language."""

from django.urls import URLPattern

from vigie.intake.doors.api import api
from vigie.lib.access import public

app_name = api.urls[2]
# For everybody: the API asks for a key itself.
urlpatterns = [pattern for pattern in api.urls[0] if isinstance(pattern, URLPattern)]
for pattern in urlpatterns:
    public(pattern.callback)
