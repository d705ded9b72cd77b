"""The API of trusted senders, under one address in every language."""

from django.urls import URLPattern

from vigie.intake.doors.api import api
from vigie.lib.access import public

# For everybody: the API asks for a key itself. Its root has nothing to say.
urlpatterns = [
    pattern
    for pattern in api.urls[0]
    if isinstance(pattern, URLPattern) and pattern.name != "api-root"
]
for pattern in urlpatterns:
    public(pattern.callback)
