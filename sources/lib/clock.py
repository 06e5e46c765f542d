"""The present day. All code asks here, so that a test can show a page on any day."""

import datetime


def today():
    return datetime.date.today()
