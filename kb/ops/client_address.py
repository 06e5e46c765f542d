"""The address of the visitor, for the lock-out, the rate limit and the log."""

import ipaddress

from django.conf import settings


def client_address(request):
    """The visitor's address as text. Believes only our own proxies; the rest of ``X-Forwarded-For`` may be forged.

    Without a usable address from the proxies, the address of the peer; ``None`` if that has none (a Unix socket).
    """
    address = _forwarded(request) or parse(request.META.get("REMOTE_ADDR", ""))
    return str(address) if address else None


def client_network(request):
    """The address that counts as one visitor: for IPv6, its /64 network, which one household has."""
    address = client_address(request)
    if address and ":" in address:
        return str(ipaddress.ip_network(f"{address}/64", strict=False).network_address)
    return address


def parse(text):
    """The address in one entry of ``X-Forwarded-For``, or ``None``.

    Proxies write ``192.0.2.1``, ``192.0.2.1:5555``, ``2001:db8::1``, ``[2001:db8::1]`` and ``[2001:db8::1]:443``.
    """
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        # A zone (fe80::1%eth0) names an interface of that machine and says nothing here.
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _forwarded(request):
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    proxies = settings.PROXIES
    return parse(hops[-proxies]) if proxies and len(hops) >= proxies else None
