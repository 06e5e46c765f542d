"""Server settings; docs/operations.md lists the variables."""

import os
from pathlib import Path

from kb.ops.garbage_collection import collect_rarely
from kb.ops.log import logging_config

bind = os.environ.get("CONCORDANCE_BIND") or f"127.0.0.1:{os.environ.get('PORT') or 8000}"
# Threads, without one for clients who are slow to say what they want.
worker_class = "kb.ops.worker.Worker"
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
threads = 8
# For how long a connection without a request is kept.
keepalive = 5
timeout = 60
graceful_timeout = 30
# A worker is replaced after a while, each at another moment, so that slow leaks never add up.
max_requests = 10_000
max_requests_jitter = 1_000
# The heartbeat file must not wait for a disk.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
# Nothing uses the control socket, and its default place is shared by every server of one user.
control_socket_disable = True
logconfig_dict = logging_config(structured=os.environ.get("CONCORDANCE_PRODUCTION", "").lower() == "true")


def post_worker_init(worker):
    """The application is loaded; requests come next."""
    collect_rarely()
