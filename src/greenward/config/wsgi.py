"""The WSGI application that gunicorn serves."""

import os
import sys

from django.core.wsgi import get_wsgi_application

SWITCH_SECONDS = 0.0005
"""Who holds the audit trail's head lets all others wait: a busy thread must make way for it at once."""

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "greenward.config.settings")
sys.setswitchinterval(SWITCH_SECONDS)
application = get_wsgi_application()
