"""`deploy/nginx/nginx.conf`, from the edge's one route table."""

from __future__ import annotations

from common.contracts.edge import EDGE_PORT, ROUTES, SECRET_PATHS, Route, owner_of
from common.service.dashboard import SECURITY_HEADERS

PATH = "deploy/nginx/nginx.conf"
CONTAINER_PORT = 8000
"""In a container every service listens here; its own number is only for the host."""

_HEAD = """\
# Written by `./greenlight dev gen` from libs/common/src/common/contracts/edge.py. Do not edit.
worker_processes auto;
pid /tmp/nginx.pid;
error_log /dev/stderr warn;

events {
  worker_connections 4096;
}

http {
  include /etc/nginx/mime.types;
  default_type application/octet-stream;
  server_tokens off;
  # The path without its query: links may carry cursors and ids that are nobody's business.
  log_format edge '$remote_addr "$request_method $shown_uri" $status $body_bytes_sent $request_time $http_x_request_id';
  access_log /dev/stdout edge;

%(secrets)s
  client_body_temp_path /tmp/client_body;
  proxy_temp_path /tmp/proxy;
  fastcgi_temp_path /tmp/fastcgi;
  uwsgi_temp_path /tmp/uwsgi;
  scgi_temp_path /tmp/scgi;

  client_max_body_size 1m;
  keepalive_timeout 65s;
  sendfile on;
  tcp_nopush on;

  gzip on;
  gzip_vary on;
  gzip_proxied any;
  gzip_min_length 1000;
  # Films are not in this list: they are compressed already, and their ranges must stay byte for byte.
  gzip_types application/json application/problem+json application/atom+xml text/css text/plain text/vtt
             application/javascript image/svg+xml;

  # Docker's resolver, asked again: a container that is replaced or scaled gets another address.
  resolver 127.0.0.11 valid=5s ipv6=off;
  resolver_timeout 2s;

  map $http_upgrade $connection_upgrade {
    default upgrade;
    '' '';
  }

%(maps)s
  # A program that asks for a path nobody serves is told so; a person gets the dashboard, which says it in words.
  map $http_accept $page {
    '~text/html' /index.html;
    default /nothing-is-called-this;
  }

  server {
    listen %(port)d;
    server_name _;

%(headers)s
    proxy_http_version 1.1;
    proxy_set_header Host $http_host;
    proxy_set_header X-Forwarded-For $remote_addr;
    proxy_set_header X-Forwarded-Proto $scheme;
    proxy_set_header Connection '';
    proxy_connect_timeout 2s;
    proxy_read_timeout 60s;
    # Answers go out as they come, so that a film starts before all of it is here; ranges pass through as they are.
    proxy_buffering off;
    proxy_request_buffering on;
    proxy_intercept_errors off;

    location = /ready {
      default_type application/json;
      return 200 '{"status":"ready","service":"edge"}';
    }
"""

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
"""Set where the service has not said it itself: a header sent twice is understood by nobody."""

_DASHBOARD = "/usr/share/greenlight/dashboard"
"""Where the container finds `dashboard/dist`. Without it every page is a 404, and everything else goes on."""

_PAGES = """
    # The dashboard: its files, and for a page that somebody opens in a browser the one that draws it.
    location /assets/ {
      root %(folder)s;
      gzip_static on;
%(headers)s      add_header Content-Security-Policy "%(policy)s" always;
      add_header Cache-Control "public, max-age=31536000, immutable";
      try_files $uri @nothing;
    }

    location / {
      root %(folder)s;
      gzip_static on;
%(headers)s      add_header Content-Security-Policy "%(policy)s" always;
      add_header Cache-Control no-cache;
      try_files $uri $page @nothing;
    }
"""

_TAIL = """
    location @nothing {
      internal;
      default_type application/problem+json;
      return 404 '{"type":"urn:greenlight:error:not_found","title":"Not Found","status":404,"error":"not_found",\
"detail":"Nothing is served here."}';
    }

    error_page 502 504 = @away;
    location @away {
      internal;
      default_type application/problem+json;
      add_header Retry-After 1 always;
      add_header X-Content-Type-Options nosniff always;
      return 503 '{"type":"urn:greenlight:error:unavailable","title":"Service Unavailable","status":503,\
"error":"unavailable","detail":"The service that owns this path does not answer."}';
    }
  }
}
"""


def generate() -> dict[str, str]:
    """The one file."""
    return {PATH: render(ROUTES, port=EDGE_PORT)}


def render(routes: tuple[Route, ...], *, port: int) -> str:
    """The configuration for these routes. Each prefix is served itself and as a parent folder, as `owner_of` says."""
    longest_first = sorted(routes, key=lambda route: (-len(route.prefix), route.prefix))
    head = _HEAD % {"port": port, "secrets": _secrets(), "maps": _maps(), "headers": _add_headers()}
    hidden = "".join(_hidden(prefix) for prefix in SECRET_PATHS)
    return head + hidden + "".join(_locations(route) for route in longest_first) + _pages() + _TAIL


def _pages() -> str:
    """What no service owns. Headers are said again: one `add_header` in a location takes away all those around it."""
    headers = "".join(f"  {line}\n" for line in _add_headers().splitlines())
    policy = SECURITY_HEADERS["Content-Security-Policy"]
    return _PAGES % {"folder": _DASHBOARD, "headers": headers, "policy": policy}


def _secrets() -> str:
    """Paths that hold a secret are not written down: the access log has this instead of `$uri`."""
    lines = "".join(f"    ~^{prefix} {prefix}***;\n" for prefix in SECRET_PATHS)
    return f"  map $uri $shown_uri {{\n{lines}    default $uri;\n  }}\n"


def _hidden(prefix: str) -> str:
    """A folder of secrets: what fails there is not in the error log either, which would show the whole request line."""
    route = owner_of(prefix)
    if route is None:
        raise ValueError(f"{prefix} belongs to no service")
    return _location(f"^~ {prefix}", route, first="      error_log /dev/null emerg;")


def _maps() -> str:
    return "".join(
        f"  map $upstream_http_{_variable(name)} $own_{_variable(name)} {{\n    '' '{value}';\n    default '';\n  }}\n"
        for name, value in _HEADERS.items()
    )


def _add_headers() -> str:
    return "".join(f"    add_header {name} $own_{_variable(name)} always;\n" for name in _HEADERS)


def _variable(header: str) -> str:
    return header.lower().replace("-", "_")


def _locations(route: Route) -> str:
    return _location(f"= {route.prefix}", route) + _location(f"{route.prefix}/", route)


def _location(pattern: str, route: Route, *, first: str = "") -> str:
    # A variable makes nginx resolve the name when it is asked for, so it starts before the services do.
    lines = [first] if first else []
    lines.append(f"      set $upstream http://{route.service}:{CONTAINER_PORT};")
    if route.websocket:
        lines += [
            "      proxy_set_header Upgrade $http_upgrade;",
            "      proxy_set_header Connection $connection_upgrade;",
            "      proxy_set_header Host $http_host;",
            "      proxy_set_header X-Forwarded-For $remote_addr;",
            "      proxy_set_header X-Forwarded-Proto $scheme;",
            "      proxy_read_timeout 1h;",
        ]
    if route.body_megabytes > 1:
        # As it comes: a film on its way in is kept in no second place.
        lines += [f"      client_max_body_size {route.body_megabytes}m;", "      proxy_request_buffering off;"]
    lines.append("      proxy_pass $upstream;")
    body = "\n".join(lines)
    return f"\n    location {pattern} {{\n{body}\n    }}\n"
