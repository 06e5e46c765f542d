"""A gunicorn worker that gives no thread to a client before it has sent something, and not for long before its headers are complete.

The stock worker gives a connection a thread at once and waits for its headers without a limit, so that a few slow clients block
all others, ``/healthz`` included. A proxy that buffers whole requests prevents this too (docs/operations.md).
"""

import socket
import time
from contextlib import suppress
from functools import partial
from selectors import EVENT_READ

from gunicorn.workers.gthread import ThreadWorker


class Worker(ThreadWorker):
    # Seconds for the headers, from their first byte to their last.
    HEADERS = 5
    # Seconds for the next piece of a body, and for the client to take a piece of the answer.
    SILENCE = 30

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # {connection: when its headers must be there}
        self.reading = {}

    def enqueue_req(self, conn):
        """A thread only for a connection that has sent something; until then the poller waits for it."""
        if conn.initialized or conn.data_ready:
            return super().enqueue_req(conn)
        conn.sock.setblocking(False)
        conn.set_timeout()
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, EVENT_READ, partial(self.on_pending_socket_readable, conn))

    def handle(self, conn):
        self.reading[conn] = time.monotonic() + self.HEADERS
        try:
            return super().handle(conn)
        finally:
            self.reading.pop(conn, None)

    def handle_request(self, req, conn):
        """The headers are there."""
        self.reading.pop(conn, None)
        conn.sock.settimeout(self.SILENCE)
        return super().handle_request(req, conn)

    def murder_pending(self):
        """About every second. A thread that waits for headers wakes up when its socket is shut down under it."""
        super().murder_pending()
        now = time.monotonic()
        for conn, deadline in list(self.reading.items()):
            if deadline < now:
                with suppress(OSError):
                    conn.sock.shutdown(socket.SHUT_RDWR)
