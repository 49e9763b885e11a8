"""The local feed: a platform of our own, a page and an Atom feed for each tenant."""

from publisher.adapters.local_feed.platform import LocalFeed
from publisher.adapters.local_feed.routes import OPEN_PATH, feed_router

__all__ = ["OPEN_PATH", "LocalFeed", "feed_router"]
