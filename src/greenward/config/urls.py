"""Root URLs: each module brings its own."""

from django.urls import include, path
from django.views.i18n import set_language

handler403 = "greenward.core.web.views.forbidden"
handler404 = "greenward.core.web.views.not_found"
handler500 = "greenward.core.web.views.server_error"

urlpatterns = [
    path("language/", set_language, name="set_language"),
    path("", include("greenward.core.web.urls")),
]
