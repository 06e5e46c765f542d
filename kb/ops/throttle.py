"""The rate limit of the API, counted by all workers of a machine together."""

import hashlib
import mmap
import os
import struct
import time
from functools import cache

from django.conf import settings
from rest_framework.throttling import AnonRateThrottle

from kb.ops.client_address import client_network


class SharedCounts:
    """Counts by key and span of time in a file that all workers have in memory: adding one is no system call.

    A key has a place in each of two tables, found by its digest, and the smaller of the two counts is its own: only who shares both
    places with another would share its count. Two workers that add at the same moment may lose one; the limit only has to stop floods.
    """

    PLACES, COUNT = 1 << 15, struct.Struct("=II")
    SIZE = 2 * PLACES * COUNT.size

    def __init__(self, path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
            # All of it at once: a full disk is an error here, and would end the process later.
            os.posix_fallocate(file.fileno(), 0, self.SIZE)
            self.memory = mmap.mmap(file.fileno(), self.SIZE)

    def add(self, digest, span):
        """Add one for a key, by its digest of at least eight bytes; returns its count in this span."""
        counts = []
        for table in range(2):
            place = int.from_bytes(digest[4 * table : 4 * table + 4]) % self.PLACES
            offset = (table * self.PLACES + place) * self.COUNT.size
            counted_in, count = self.COUNT.unpack_from(self.memory, offset)
            count = min(count, 2**31) + 1 if counted_in == span else 1
            self.COUNT.pack_into(self.memory, offset, span, count)
            counts.append(count)
        return min(counts)


@cache
def shared_counts(path):
    return SharedCounts(path)


class SharedRateThrottle(AnonRateThrottle):
    """Counts requests by visitor and span of time. If nobody can count, for example on a full disk, nobody is limited."""

    timer = staticmethod(time.time)

    def get_ident(self, request):
        return client_network(request) or "local"

    def allow_request(self, request, view):
        if self.rate is None:
            return True
        now = self.timer()
        span = int(now // self.duration)
        self.reset = max(1, round((span + 1) * self.duration - now))
        count = self._count(self.get_ident(request), span)
        # kb.ops.middleware.PublicHeaders tells the visitor.
        request._request.rate_limit = (self.num_requests, max(0, self.num_requests - count), self.reset)
        return count <= self.num_requests

    def wait(self):
        return self.reset

    @staticmethod
    def _count(ident, span):
        """The requests of this visitor in this span, with the present one; 1 when nobody can count."""
        # With the key of the installation, so that nobody can look for an address that shares the count of another.
        key = hashlib.sha256(settings.SECRET_KEY.encode()).digest()
        digest = hashlib.blake2b(ident.encode(), digest_size=8, key=key).digest()
        try:
            return shared_counts(settings.THROTTLE_COUNTS).add(digest, span % 2**32)
        except OSError:
            return 1
