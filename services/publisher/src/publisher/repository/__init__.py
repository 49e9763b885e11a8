"""All SQL of the publisher."""

from publisher.repository.feed import FeedEntries, FeedEntry
from publisher.repository.permits import PermitRow, Permits
from publisher.repository.posts import PostRow, Posts

__all__ = ["FeedEntries", "FeedEntry", "PermitRow", "Permits", "PostRow", "Posts"]
