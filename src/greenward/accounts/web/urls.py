"""URLs of sign-in and of one's own account.

Only those pages of allauth that this product uses: nobody signs up, and no e-mail address is a way in.
"""

from allauth.account import views as account
from django.urls import include, path

from greenward.accounts.web import views

own = [
    path("settings/", views.my_settings, name="settings"),
    path("address/", views.send_confirmation, name="send_confirmation"),
    path("address/<str:token>/", views.confirm_address, name="confirm_address"),
    path("tokens/", views.my_tokens, name="tokens"),
    path("tokens/<int:pk>/revoke/", views.revoke_token, name="revoke_token"),
]

urlpatterns = [
    path("language/", views.set_language, name="set_language"),
    path("large-print/", views.set_large_print, name="set_large_print"),
    path("accounts/login/", account.login, name="account_login"),
    path("accounts/logout/", account.logout, name="account_logout"),
    path("accounts/inactive/", account.account_inactive, name="account_inactive"),
    path("accounts/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("accounts/password/", views.change_password, name="account_change_password"),
    path("accounts/second-factor/", include("allauth.mfa.urls")),
    path("accounts/sessions/", views.my_sessions, name="usersessions_list"),
    path("accounts/sessions/end/", views.end_sessions, name="usersessions_end"),
    path("accounts/", include((own, "accounts"))),
]
