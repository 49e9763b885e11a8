"""Identity's own errors."""

from __future__ import annotations

from common.errors import Conflict, Forbidden, Permanent


class TenantExists(Conflict):
    """There is a tenant of this name."""


class UserExists(Conflict):
    """There is a user of this id in the tenant."""


class LastAdmin(Conflict):
    """Without this person nobody could administer the tenant."""


class RoleInUse(Conflict):
    """Somebody holds the role; `user_ids` names some of them."""


class TenantRequired(Forbidden):
    """A service key acts for a tenant and has to say for which."""


class TenantNotYours(Forbidden):
    """A person's key belongs to one tenant and cannot name another."""


class WrongMasterKey(Permanent):
    """The master key of the settings does not open the signing keys in the database."""
