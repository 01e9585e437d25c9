"""Addresses of the staff's pages."""

from django.urls import path

from greenward.workspace.web.views import audit, communities, community, dashboard, home, tree

app_name = "workspace"
urlpatterns = [
    path("", home.home, name="home"),
    path("dashboard/<str:code>/", dashboard.dashboard, name="dashboard"),
    path("communities/", communities.communities, name="communities"),
    path("communities/<str:code>/", community.community, name="community"),
    path("audit/", audit.trail, name="audit"),
    path("tree/search/", tree.search, name="search"),
    path("tree/<str:code>/", tree.branch, name="branch"),
]
