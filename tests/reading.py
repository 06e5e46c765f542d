"""Pages of the published content, each drawn once a run however many tests read it."""

import gzip
import os
from hashlib import sha256

import pytest
from django.db import connection

from sources.models import PublicAnswer

WRITES = ("INSERT", "UPDATE", "DELETE")
ANSWERS = PublicAnswer._meta.db_table


@pytest.fixture
def read(content, folder_of_the_run, db, client):
    """``read(address)`` is what a visitor is sent. Workers share it, for all of them have the same rows, which nobody may change here."""
    written = []

    def watch(execute, sql, params, many, context):
        # What a page keeps of its own answers changes nothing that is read.
        if sql.startswith(WRITES) and ANSWERS not in sql:
            written.append(sql)
        return execute(sql, params, many, context)

    def page(address):
        kept = folder_of_the_run / f"page-{sha256(address.encode()).hexdigest()}.gz"
        if not kept.exists():
            answer = client.get(address)
            assert answer.status_code == 200, address
            own = kept.with_suffix(f".{os.getpid()}")
            own.write_bytes(gzip.compress(answer.content, 1))
            own.rename(kept)
        assert not written, "what is kept would not be what others have"
        return gzip.decompress(kept.read_bytes()).decode()

    with connection.execute_wrapper(watch):
        yield page
