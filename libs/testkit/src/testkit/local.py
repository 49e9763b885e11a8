"""Clients of the servers that tests start on this machine."""

from __future__ import annotations

import ssl

import httpx

_NO_CERTIFICATES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def local_client(url: str) -> httpx.AsyncClient:
    """A client for `url`, past any proxy. It trusts no certificate: loading the world's takes 20 ms for each client."""
    return httpx.AsyncClient(base_url=url, trust_env=False, timeout=30, verify=_NO_CERTIFICATES)
