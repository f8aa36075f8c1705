"""Addresses of this machine are reached directly, whatever proxy the environment names."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit


def direct(url: str) -> dict[str, None]:
    """`mounts` of an httpx client that talks to `url`: past any proxy where that is this machine."""
    try:
        host = urlsplit(url).hostname or ""
        loopback = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:  # a name, or no address at all
        loopback = False
    return {f"all://[{host}]" if ":" in host else f"all://{host}": None} if loopback else {}
