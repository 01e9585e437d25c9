"""The tabs that this module has in a community's file: slug → label and order."""

from django.utils.translation import gettext_lazy as _

TABS = {
    "overview": (_("概览"), 10),
    "survey": (_("摸底"), 20),
    "assessment": (_("对标"), 30),
    "history": (_("历史"), 90),
}
