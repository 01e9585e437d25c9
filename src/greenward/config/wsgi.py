"""The WSGI application that gunicorn serves."""

import os
import sys

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "greenward.config.settings")
sys.setswitchinterval(float(os.environ.get("SWI", "0.005")))
application = get_wsgi_application()
