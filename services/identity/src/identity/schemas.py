"""HTTP shapes."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from common.clock import rfc3339
from common.contracts.values import PLATFORM_TENANT, TENANT_PATTERN, Role
from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from identity.domain import ApiKey, CustomRole, PersonRole, Tenant, User

Instant = Annotated[
    datetime,
    PlainSerializer(rfc3339, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}, mode="serialization"),
]
TenantName = Annotated[str, Field(pattern=TENANT_PATTERN)]
# Letters, digits and what mail addresses need; no colon, which marks services, and no slash, which would part paths.
UserName = Annotated[str, Field(pattern=r"^[A-Za-z0-9._@+-]{1,64}$")]
RoleName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
Words = Annotated[str, Field(min_length=1, max_length=200, pattern=r"\S")]


class _Request(BaseModel):
    # A misspelt field of an administrator must not pass as "leave as it is".
    model_config = ConfigDict(extra="forbid")


class TokenRequest(_Request):
    """For services only: the tenant to act for."""

    tenant: TenantName | None = None


class TokenView(BaseModel):
    """A token for the `Authorization: Bearer` header."""

    access_token: str
    token_type: str = "bearer"  # noqa: S105 — the kind of token, not one
    expires_in: int = Field(description="Seconds.")
    tenant: str
    user_id: str
    roles: list[str]


class JWKSView(BaseModel):
    """RFC 7517: the public keys that tokens may be signed with."""

    keys: list[dict[str, str]]


class MeView(BaseModel):
    """Who the caller is, as their token says."""

    tenant: str
    user_id: str
    roles: list[str]
    display_name: str | None = Field(description="Null for services.")


class SignIn(_Request):
    """One of three ways in: `link`, `key`, or `user_id` with `password`."""

    link: str | None = Field(default=None, max_length=200, description="The token of a sign-in link; it works once.")
    key: str | None = Field(default=None, max_length=500, description="An API key of a person.")
    tenant: TenantName = PLATFORM_TENANT
    user_id: UserName | None = None
    password: str | None = Field(default=None, max_length=500)

    @model_validator(mode="after")
    def _is_one_way(self) -> SignIn:
        ways = [self.link, self.key, self.user_id and self.password]
        if sum(bool(way) for way in ways) != 1 or bool(self.user_id) != bool(self.password):
            raise ValueError("give a link, or a key, or a user_id with its password")
        return self


class SessionView(BaseModel):
    """Who is signed in. The token and the secret are in cookies that no page can read."""

    tenant: str
    user_id: str
    display_name: str
    roles: list[str]
    expires_at: Instant = Field(description="When the person has to sign in again.")
    token_seconds: int = Field(description="How long until it has to be renewed.")


class NewSignInLink(_Request):
    """For whom; an administrator may name somebody else of the tenant."""

    user_id: UserName | None = None


class SignInLinkView(BaseModel):
    """A link that signs one person in, once. It is shown this once and cannot be had again."""

    url: str = Field(description="The token is behind the `#`, which no browser sends to any server.")
    token: str
    user_id: str
    expires_at: Instant


class PasswordChange(_Request):
    """A new password of one's own."""

    current: str | None = Field(default=None, max_length=500, description="Needed where there is one already.")
    new: str = Field(min_length=12, max_length=500)


class NewUser(_Request):
    """A person to add to the caller's tenant."""

    user_id: UserName
    display_name: Words
    roles: frozenset[PersonRole] = frozenset()


class UserChange(_Request):
    """What to change; what is left out stays as it is."""

    display_name: Words | None = None
    roles: frozenset[PersonRole] | None = None
    custom_roles: frozenset[RoleName] | None = None
    disabled: bool | None = None


class UserView(BaseModel):
    """A person of the tenant."""

    user_id: str
    display_name: str
    roles: list[Role]
    custom_roles: list[str] = Field(description="Of the tenant's own.")
    created_at: Instant
    disabled_at: Instant | None

    @classmethod
    def of(cls, user: User) -> UserView:
        """What is shown of a user."""
        return cls(
            user_id=user.user_id,
            display_name=user.display_name,
            roles=[Role(role) for role in user.roles],
            custom_roles=list(user.custom_roles),
            created_at=user.created_at,
            disabled_at=user.disabled_at,
        )


class RoleChange(_Request):
    """What a role of the tenant's own is made of. Administrators are made by name, not by such a role."""

    roles: frozenset[PersonRole] = Field(min_length=1)

    @field_validator("roles")
    @classmethod
    def _makes_no_administrator(cls, roles: frozenset[PersonRole]) -> frozenset[PersonRole]:
        if Role.ADMIN in roles:
            raise ValueError("a role of a tenant's own cannot hold admin")
        return roles


class CustomRoleView(BaseModel):
    """A role of the tenant's own."""

    name: str
    roles: list[Role]
    changed_by: str
    changed_at: Instant

    @classmethod
    def of(cls, role: CustomRole) -> CustomRoleView:
        """What is shown of it."""
        built_in = [Role(one) for one in role.roles]
        return cls(name=role.name, roles=built_in, changed_by=role.changed_by, changed_at=role.changed_at)


class PermissionView(BaseModel):
    """Something that may be done, and by whom."""

    model_config = ConfigDict(from_attributes=True)

    name: str
    service: str
    routes: list[str]
    roles: list[Role] | None = Field(description="Null: everybody with a token.")
    platform: bool = Field(description="Only in the installation's own tenant.")


class RolesView(BaseModel):
    """The built-in roles, the tenant's own, and what each may do."""

    built_in: list[Role]
    custom: list[CustomRoleView]
    permissions: list[PermissionView]


class NewKey(_Request):
    """A key to make for a person of the caller's tenant."""

    user_id: UserName
    name: str = Field(default="", max_length=200)
    scopes: frozenset[PersonRole] = Field(
        default=frozenset(), description="Roles to narrow the key to; none means all its owner has."
    )
    expires_at: AwareDatetime | None = None


class KeyView(BaseModel):
    """What may be shown of a key at any time."""

    id: UUID
    user_id: str
    name: str
    prefix: str
    scopes: list[Role]
    source: str
    created_by: str
    created_at: Instant
    expires_at: Instant | None
    revoked_at: Instant | None
    last_used_at: Instant | None

    @classmethod
    def of(cls, key: ApiKey) -> KeyView:
        """What is shown of a key."""
        return cls(
            id=key.id,
            user_id=key.user_id,
            name=key.name,
            prefix=key.prefix,
            scopes=[Role(scope) for scope in key.scopes],
            source=key.source,
            created_by=key.created_by,
            created_at=key.created_at,
            expires_at=key.expires_at,
            revoked_at=key.revoked_at,
            last_used_at=key.last_used_at,
        )


class IssuedKeyView(KeyView):
    """A new key. `key` is shown this once and cannot be had again."""

    key: str


class NewTenant(_Request):
    """A tenant to make."""

    tenant: TenantName
    admin_name: Words

    @field_validator("tenant")
    @classmethod
    def _is_no_way_up(cls, tenant: str) -> str:
        # The name is a folder in the artifact store.
        if not tenant.strip("."):
            raise ValueError("a tenant's name is more than dots")
        return tenant


class TenantView(BaseModel):
    """A tenant."""

    tenant: str
    created_by: str
    created_at: Instant

    @classmethod
    def of(cls, tenant: Tenant) -> TenantView:
        """What is shown of a tenant."""
        return cls(tenant=tenant.tenant_id, created_by=tenant.created_by, created_at=tenant.created_at)


class NewTenantView(TenantView):
    """A new tenant with its first administrator. `key` is shown this once and cannot be had again."""

    admin: UserView
    key: str


class SigningKeyView(BaseModel):
    """The new signing key; tokens carry its `kid` from `signs_from` on."""

    kid: str
    signs_from: Instant
