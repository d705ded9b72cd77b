"""The API of trusted providers."""

from django.urls import URLPattern

from vigie.lib.access import public
from vigie.matching.providers.api import api

# For everybody: the API asks for a key itself. Its root has nothing to say.
urlpatterns = [
    pattern
    for pattern in api.urls[0]
    if isinstance(pattern, URLPattern) and pattern.name != "api-root"
]
for pattern in urlpatterns:
    public(pattern.callback)
