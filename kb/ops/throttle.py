"""The rate limit of the API, counted by all workers of a machine together."""

import hashlib
import pickle
import time
import zlib

from django.core.cache import caches
from rest_framework.throttling import AnonRateThrottle

from kb.ops.client_address import client_network


class SharedRateThrottle(AnonRateThrottle):
    """Counts requests by visitor and span of time in a cache that the workers share.

    Two workers that count at the same moment may lose one count; the limit only has to stop floods. If the cache cannot be written,
    for example on a full disk, nobody is limited.
    """

    # The exceptions of reading or writing a cache file that another process is writing, or that cannot be written.
    FAULTS = (OSError, EOFError, ValueError, TypeError, LookupError, pickle.PickleError, zlib.error)
    timer = staticmethod(time.time)

    def get_ident(self, request):
        return client_network(request) or "local"

    def get_cache_key(self, request, view):
        return hashlib.sha256(self.get_ident(request).encode()).hexdigest()

    def allow_request(self, request, view):
        if self.rate is None:
            return True
        now = self.timer()
        span = int(now // self.duration)
        self.reset = max(1, round((span + 1) * self.duration - now))
        count = self._count(self.get_cache_key(request, view), span)
        # kb.ops.middleware.PublicHeaders tells the visitor.
        request._request.rate_limit = (self.num_requests, max(0, self.num_requests - count), self.reset)
        return count <= self.num_requests

    def wait(self):
        return self.reset

    def _count(self, key, span):
        """The requests of this visitor in this span, with the present one; 1 if the count cannot be kept."""
        try:
            cache = caches["throttle"]
            before = cache.get(key)
            count = before[1] + 1 if before and before[0] == span else 1
            # What is over the limit need not be written.
            if count <= self.num_requests + 1:
                cache.set(key, (span, count), timeout=self.duration)
        except self.FAULTS:
            return 1
        return count
