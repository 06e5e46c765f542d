"""The entry point of the stock API."""

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
