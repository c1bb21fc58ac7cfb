"""The entry of the web server."""

import os

from django.core.wsgi import get_wsgi_application

from crm.kernel.web.headers import refuse_broken_headers

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings.dev")
# A page gives up after 10 s in one statement: see settings.base.DATABASE_LIMITS.
os.environ.setdefault("DATABASE_PURPOSE", "web")

application = refuse_broken_headers(get_wsgi_application())
