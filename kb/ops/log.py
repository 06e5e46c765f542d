"""Log lines: one JSON object each in production, plain text locally, both with the request's id."""

import contextvars
import json
import logging
from datetime import UTC, datetime

request_id = contextvars.ContextVar("request_id", default="-")

# Fields a caller passes with `extra=` that belong in the JSON line.
EXTRAS = ("method", "path", "status", "ms", "account", "address")


class RequestIdFilter(logging.Filter):
    """Adds the request's id to every log record.

    Django logs a failed response after our middleware has ended; such a log record has the request itself.
    """

    def filter(self, record):
        record.request_id = getattr(getattr(record, "request", None), "id", None) or request_id.get()
        return True


class JsonFormatter(logging.Formatter):
    """One JSON object per line, so that a line break in a logged value cannot forge a second entry."""

    def format(self, record):
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "request": getattr(record, "request_id", "-"),
            "message": record.getMessage(),
        }
        line.update({name: getattr(record, name) for name in EXTRAS if hasattr(record, name)})
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def logging_config(structured, level="INFO"):
    """The dictConfig shared by Django and gunicorn."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"request_id": {"()": "kb.ops.log.RequestIdFilter"}},
        "formatters": {
            "json": {"()": "kb.ops.log.JsonFormatter"},
            "plain": {"format": "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s"},
        },
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "formatter": "json" if structured else "plain",
                "filters": ["request_id"],
            }
        },
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # Django adds handlers of its own here; the root handler says it once.
            "django": {"handlers": [], "level": level, "propagate": True},
            # It repeats "Not Found" for every 404, which the request line already states.
            "django.request": {"level": "ERROR"},
            # kb.staff.lockout says it with the address.
            "axes": {"level": "ERROR"},
            "gunicorn.error": {"handlers": [], "level": level, "propagate": True},
            # kb.ops.middleware.RequestId writes the one line per request, without addresses or queries.
            "gunicorn.access": {"handlers": [], "level": "CRITICAL", "propagate": False},
        },
    }
