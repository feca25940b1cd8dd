"""Which council this is, and who calls."""
# strawberry types its decorators as Any
# mypy: allow-untyped-decorators

import strawberry
from strawberry.relay import GlobalID

from gateway.context import Info
from gateway.pages import global_id
from gateway.tenancy import Tenant
from schemas.roles import Role

strawberry.enum(Role, name="Role", description="What a caller is in their council.")


@strawberry.type(description="A place in the council's area.")
class Area:
    code: str = strawberry.field(description="Its GSS code.")
    name: str = strawberry.field(description="Its name.")
    level: str = strawberry.field(description="What kind of area it is, such as ward.")
    parent: str | None = strawberry.field(description="The GSS code of the area that it lies in.")


@strawberry.type(description="The council that this request is for.")
class Council:
    tenant: strawberry.Private[Tenant]
    slug: str = strawberry.field(description="Its short name; send it in the header X-Civic-Tenant.")
    name: str = strawberry.field(description="Its name.")
    area_code: str = strawberry.field(description="The GSS code of the whole council.")

    @strawberry.field(description="Its areas in the order of their codes, of one level where it is given.")
    async def areas(self, info: Info, level: str | None = None) -> list[Area]:
        areas = await info.context.parts.tenants.areas(self.tenant.id)
        return [
            Area(code=a.code, name=a.name, level=a.level, parent=a.parent)
            for a in areas
            if level is None or a.level == level
        ]


@strawberry.type(description="The caller.")
class Me:
    person: GlobalID | None = strawberry.field(description="The pseudonym that this council knows the caller by.")
    roles: list[Role] = strawberry.field(description="What the caller is.")
    groups: list[str] = strawberry.field(description="The community groups that the caller speaks for.")
    council: Council = strawberry.field(description="The council that this request is for.")


def _council(tenant: Tenant) -> Council:
    return Council(tenant=tenant, slug=tenant.slug, name=tenant.name, area_code=tenant.area_code)


@strawberry.type
class CouncilsQuery:
    @strawberry.field(description="The council that this request is for.")
    async def council(self, info: Info) -> Council:
        return _council((await info.context.caller()).tenant)

    @strawberry.field(description="Who the caller is.")
    async def me(self, info: Info) -> Me:
        caller = await info.context.caller()
        person = caller.actor.person
        return Me(
            person=global_id("Person", person) if person else None,
            roles=list(caller.actor.roles),
            groups=list(caller.actor.groups),
            council=_council(caller.tenant),
        )
