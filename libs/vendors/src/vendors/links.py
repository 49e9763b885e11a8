"""Files that lie where a vendor says: fetched from the vendor itself, or from a public server that proves its name."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from ipaddress import ip_address

import httpx
from common.errors import GreenlightError, VendorRefused, VendorUnavailable

from vendors.wire import as_ours, read_whole, refusal_of

_HOPS = 5


@asynccontextmanager
async def file_at(
    client: httpx.AsyncClient, link: str, *, vendor: str, broke: Callable[[str], GreenlightError], keyed: bool = False
) -> AsyncIterator[httpx.Response]:
    """The answer with the file, to be read inside; redirects are followed, five at most.

    The client's key goes to the vendor's own address, and there only if `keyed`. What lies elsewhere is fetched by
    https from an address that is public: a vendor's word must not reach into our own network, nor a redirect, nor a
    name that changes its mind between the look and the fetch. Raises `VendorRefused` for all else, what a refusal
    means, and as `answering`.
    """
    url = client.build_request("GET", link).url
    for _ in range(_HOPS):
        request = await _request(client, url, vendor=vendor, keyed=keyed)
        with as_ours(vendor, broke=broke):
            answer = await client.send(request, stream=True, follow_redirects=False)
            try:
                if answer.is_success:
                    yield answer
                    return
                if not answer.has_redirect_location:
                    raise refusal_of(await read_whole(answer, vendor=vendor), vendor=vendor)
                url = url.join(answer.headers["location"])
            finally:
                await answer.aclose()
    raise VendorRefused(f"{vendor} sends us from one address to the next for its file.")


async def _request(client: httpx.AsyncClient, url: httpx.URL, *, vendor: str, keyed: bool) -> httpx.Request:
    own = client.base_url
    if (url.scheme, url.netloc) == (own.scheme, own.netloc):
        request = client.build_request("GET", url)
        if not keyed:
            request.headers.pop("authorization", None)
        return request
    if url.scheme != "https":
        raise VendorRefused(f"{vendor} names {str(url)!r} for its file, which is not fetched.")
    # The address that was looked at is the one that is asked; its certificate has to be the name's.
    address = await _public_address(url, vendor=vendor)
    headers, named = {"host": url.netloc.decode("ascii")}, {"sni_hostname": url.host}
    request = client.build_request("GET", url.copy_with(host=address), headers=headers, extensions=named)
    # Gone, not empty: a store whose link is signed may refuse a request that speaks of another right.
    request.headers.pop("authorization", None)
    return request


async def _public_address(url: httpx.URL, *, vendor: str) -> str:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(url.host, url.port or 443, type=socket.SOCK_STREAM)
    except OSError as error:
        raise VendorUnavailable(f"{vendor} names {url.host!r} for its file, which cannot be found.") from error
    addresses = [str(place[0]) for *_, place in found]
    if not all(ip_address(address.partition("%")[0]).is_global for address in addresses):
        raise VendorRefused(f"{vendor} names {url.host!r} for its file, which is none of the public network.")
    return addresses[0]
