"""Logs say what happened, not to whom: Django's own lines carry paths and requests."""

import logging


class Discreet(logging.Filter):
    """Drops the request from Django's records and replaces the path by the status alone.

    A traceback of ours stays (it names our code), the exception's own words do not: they can quote
    what somebody wrote. What a visitor sent wrong is no fault of ours and has no line: its second
    would stand beside letters that keep the hour only.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.startswith("django.request") or record.name.startswith("django.security"):
            record.msg = "answered %s"
            record.args = (getattr(record, "status_code", record.levelname),)
            if getattr(record, "status_code", 500) < 500:
                return False
        record.__dict__.pop("request", None)
        if record.exc_info and record.exc_info[1] is not None:
            kind, _, trace = record.exc_info
            # A class of the same name: not every exception can be made from one text.
            nameless = type(kind.__name__, (Exception,), {"__module__": kind.__module__})
            record.exc_info = (nameless, nameless("(message withheld)"), trace)
            record.exc_text = None
        return True
