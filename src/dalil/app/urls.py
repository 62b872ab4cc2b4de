"""Where the faces meet: pages at the root, the API below /api/."""

from django.urls import include, path

from dalil.api.routes import api

urlpatterns = [
    path("api/v1/", api.urls),
    path("", include("dalil.web.urls")),
]
