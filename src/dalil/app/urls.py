"""Where the faces meet: pages at the root, the API below /api/."""

from django.urls import include, path

from dalil.api.handing_in import tools
from dalil.api.routes import api

urlpatterns = [
    path("api/v1/", api.urls),
    path("api/", tools.urls),
    path("", include("dalil.web.urls")),
]

handler400 = "dalil.web.failures.bad_request"
handler404 = "dalil.web.failures.not_found"
handler500 = "dalil.web.failures.server_error"
