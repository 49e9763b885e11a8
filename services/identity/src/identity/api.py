"""HTTP in: parse, authorise, delegate."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from common.cursors import decode_cursor
from common.errors import Unauthenticated
from common.service.pages import STORABLE, Cursor, Limit, Page, page_of
from common.service.permissions import all_permissions
from common.service.principal import Principal, Role, current_principal, governs_platform, requires
from fastapi import APIRouter, Depends, Header, Path, Query, Response

from identity import session_api
from identity.accounts import Accounts
from identity.roles import Roles
from identity.schemas import (
    CustomRoleView,
    IssuedKeyView,
    JWKSView,
    KeyView,
    MeView,
    NewKey,
    NewTenant,
    NewTenantView,
    NewUser,
    PermissionView,
    RoleChange,
    RolesView,
    SigningKeyView,
    TenantView,
    TokenRequest,
    TokenView,
    UserChange,
    UserView,
)
from identity.sessions import Sessions
from identity.tokens import Tokens

OPEN_PATHS = ("/v1/tokens", "/.well-known/jwks.json", *session_api.OPEN_PATHS)

Caller = Annotated[Principal, Depends(current_principal)]
Admin = Annotated[Principal, Depends(requires(Role.ADMIN))]
# Any text may follow in the path; what is no user's id is simply not found.
NewRoleName = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
UserId = Annotated[str, Path(max_length=200, pattern=STORABLE)]


PlatformAdmin = Annotated[Principal, Depends(governs_platform(Role.ADMIN))]


def routers(*, accounts: Accounts, roles: Roles, tokens: Tokens, sessions: Sessions, edge_url: str) -> list[APIRouter]:
    """All of identity's routes."""
    signing_in = session_api.router(sessions, edge_url=edge_url)
    return [_open(tokens), signing_in, _people(accounts), _roles(roles), _keys(accounts), _platform(accounts)]


def _open(tokens: Tokens) -> APIRouter:
    router = APIRouter(tags=["tokens"])

    @router.post("/v1/tokens", summary="Exchange an API key for a token.")
    async def exchange(
        response: Response,
        x_api_key: Annotated[str | None, Header(max_length=500)] = None,
        body: TokenRequest | None = None,
    ) -> TokenView:
        if not x_api_key:
            raise Unauthenticated("This needs an API key in X-API-Key.")
        token = await tokens.exchange(x_api_key, tenant=body.tenant if body else None)
        _keep_out_of_caches(response)
        return TokenView(
            access_token=token.text,
            expires_in=token.expires_in_seconds,
            tenant=token.grant.tenant,
            user_id=token.grant.user_id,
            roles=list(token.grant.roles),
        )

    @router.get("/.well-known/jwks.json", summary="The public keys that tokens are signed with.")
    async def jwks() -> JWKSView:
        return JWKSView(keys=await tokens.list_jwks())

    return router


def _people(accounts: Accounts) -> APIRouter:
    router = APIRouter(tags=["people"])

    @router.get("/v1/me", summary="Who am I, and what may I do?")
    async def me(caller: Caller) -> MeView:
        user = await accounts.find_user(caller)
        return MeView(
            tenant=caller.tenant,
            user_id=caller.user_id,
            roles=sorted(caller.roles),
            display_name=user.display_name if user else None,
        )

    @router.post("/v1/users", status_code=201, summary="Add a person to the tenant.")
    async def create_user(admin: Admin, body: NewUser) -> UserView:
        user = await accounts.create_user(
            admin, user_id=body.user_id, display_name=body.display_name, roles=tuple(body.roles)
        )
        return UserView.of(user)

    @router.get("/v1/users", summary="The people of the tenant, by id.")
    async def list_users(admin: Admin, limit: Limit = 50, cursor: Cursor = None) -> Page[UserView]:
        found = await accounts.list_users(admin, after=decode_cursor(cursor, str), limit=limit + 1)
        return page_of(found, limit=limit, view=UserView.of, key=lambda user: (user.user_id,))

    @router.patch("/v1/users/{user_id}", summary="Change a person's name or roles, disable or enable them.")
    async def change_user(admin: Admin, user_id: UserId, body: UserChange) -> UserView:
        user = await accounts.change_user(
            admin,
            user_id=user_id,
            display_name=body.display_name,
            roles=None if body.roles is None else tuple(body.roles),
            custom_roles=None if body.custom_roles is None else tuple(body.custom_roles),
            disabled=body.disabled,
        )
        return UserView.of(user)

    return router


def _roles(roles: Roles) -> APIRouter:
    router = APIRouter(prefix="/v1/roles", tags=["roles"])

    @router.get("", summary="Which roles there are, and what each may do.")
    async def list_roles(caller: Caller) -> RolesView:
        return RolesView(
            built_in=list(Role),
            custom=[CustomRoleView.of(role) for role in await roles.list_all(caller)],
            permissions=[PermissionView.model_validate(permission) for permission in all_permissions()],
        )

    @router.put("/{name}", summary="Make a role of the tenant's own, or change it for all who hold it.")
    async def save_role(admin: Admin, name: NewRoleName, body: RoleChange) -> CustomRoleView:
        return CustomRoleView.of(await roles.save(admin, name=name, roles=tuple(body.roles)))

    @router.delete("/{name}", status_code=204, summary="Take a role away that nobody holds.")
    async def remove_role(admin: Admin, name: NewRoleName) -> None:
        await roles.remove(admin, name=name)

    return router


def _keys(accounts: Accounts) -> APIRouter:
    router = APIRouter(prefix="/v1/keys", tags=["keys"])

    @router.post("", status_code=201, summary="Make an API key for a person of the tenant; it is shown this once.")
    async def create_key(admin: Admin, body: NewKey, response: Response) -> IssuedKeyView:
        issued = await accounts.create_key(
            admin, user_id=body.user_id, name=body.name, scopes=tuple(body.scopes), expires_at=body.expires_at
        )
        _keep_out_of_caches(response)
        return IssuedKeyView(key=issued.text, **KeyView.of(issued.key).model_dump())

    @router.get("", summary="The tenant's API keys, newest first, without the keys themselves.")
    async def list_keys(
        admin: Admin,
        limit: Limit = 50,
        cursor: Cursor = None,
        user_id: Annotated[
            str | None, Query(max_length=200, pattern=STORABLE, description="Only this person's.")
        ] = None,
    ) -> Page[KeyView]:
        found = await accounts.list_keys(admin, before=decode_cursor(cursor, UUID), user_id=user_id, limit=limit + 1)
        return page_of(found, limit=limit, view=KeyView.of, key=lambda key: (key.id,))

    @router.delete("/{key_id}", summary="Revoke a key; doing it again changes nothing.")
    async def revoke_key(admin: Admin, key_id: UUID) -> KeyView:
        return KeyView.of(await accounts.revoke_key(admin, key_id=key_id))

    return router


def _platform(accounts: Accounts) -> APIRouter:
    router = APIRouter(tags=["platform"])

    @router.post("/v1/tenants", status_code=201, summary="Make a tenant; its administrator's key is shown this once.")
    async def create_tenant(admin: PlatformAdmin, body: NewTenant, response: Response) -> NewTenantView:
        tenant, first, issued = await accounts.create_tenant(admin, tenant=body.tenant, admin_name=body.admin_name)
        _keep_out_of_caches(response)
        return NewTenantView(key=issued.text, admin=UserView.of(first), **TenantView.of(tenant).model_dump())

    @router.get("/v1/tenants", summary="All tenants, by name.")
    async def list_tenants(_admin: PlatformAdmin, limit: Limit = 50, cursor: Cursor = None) -> Page[TenantView]:
        found = await accounts.list_tenants(decode_cursor(cursor, str), limit=limit + 1)
        return page_of(found, limit=limit, view=TenantView.of, key=lambda tenant: (tenant.tenant_id,))

    @router.post("/v1/signing-keys/rotate", status_code=201, summary="Sign with a new key from now on.")
    async def rotate(admin: PlatformAdmin) -> SigningKeyView:
        key, signs_from = await accounts.rotate_signing_key(admin)
        return SigningKeyView(kid=key.kid, signs_from=signs_from)

    return router


def _keep_out_of_caches(response: Response) -> None:
    response.headers["Cache-Control"] = "no-store"
