"""The gateway as a client app uses it: submitting many responses at once, and reading figures."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any, Self, TypeVar

import httpx

from deploy.errors import DeployError

T = TypeVar("T")
AT_ONCE = 16
"""More would only crowd the client: the gateway has all it can do, and gathers what comes together."""
TRIES, FIRST_DELAY = 8, 0.5
SUBMIT = """
mutation Submit($input: SubmitResponseInput!) {
  submitResponse(input: $input) {
    __typename
    ... on ResponsePayload { receipt { repeated } }
    ... on InvalidError { message problems { path message } }
    ... on NotFoundError { message }
    ... on ForbiddenError { message }
    ... on ConflictError { message }
    ... on UnavailableError { message }
  }
}
"""
FIGURES = """
query Figures($framework: ID!, $attribute: String, $after: String) {
  figures(frameworkId: $framework, attribute: $attribute, first: 500, after: $after) {
    edges { node { measure title area category suppressed n score } }
    pageInfo { hasNextPage endCursor }
  }
}
"""
IDS = """
query Ids($questionnaire: String!) {
  questionnaire(slug: $questionnaire) { id }
  frameworks(first: 100) { edges { node { id slug } } }
}
"""


class _Away(Exception):
    """The gateway, or a service behind it, does not answer now."""


@dataclass(frozen=True)
class Figure:
    """A published figure; `n` and `score` are None where it is held back. Area None: the whole council."""

    measure: str
    title: str
    area: str | None
    category: str | None
    suppressed: bool
    n: int | None
    score: float | None


class Client:
    """Somebody without a token, in one council."""

    def __init__(self, url: str, tenant: str) -> None:
        limits = httpx.Limits(max_connections=AT_ONCE, max_keepalive_connections=AT_ONCE)
        self._http = httpx.AsyncClient(
            base_url=url, headers={"X-Civic-Tenant": tenant}, timeout=30, limits=limits, trust_env=False
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    async def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        """The answer's data. Asked again while the gateway is away. Raises DeployError."""
        return await self._patiently(lambda: self._post(query, variables))

    async def submit_all(self, inputs: Iterable[dict[str, Any]], done: Callable[[bool], None]) -> None:
        """Submit each of the inputs; `done` hears of every receipt, and whether it is a repeated one.

        Raises DeployError for the first that is refused.
        """
        waiting = iter(inputs)

        async def worker() -> None:
            for one in waiting:
                done(await self._patiently(lambda one=one: self._submit(one)))  # type: ignore[misc]

        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(AT_ONCE):
                    group.create_task(worker())
        except* DeployError as refused:
            raise refused.exceptions[0] from None

    async def ids(self, questionnaire: str, framework: str) -> tuple[str, str]:
        """The global ids of a questionnaire and a framework, by their short names."""
        data = await self.ask(IDS, questionnaire=questionnaire)
        found = [edge["node"]["id"] for edge in data["frameworks"]["edges"] if edge["node"]["slug"] == framework]
        if data["questionnaire"] is None or not found:
            raise DeployError(f"The gateway shows no '{questionnaire}' with a live framework '{framework}'.")
        return data["questionnaire"]["id"], found[0]

    async def figures(self, framework: str, attribute: str | None = None) -> list[Figure]:
        """Every published figure, of everybody or by the categories of an attribute."""
        found: list[Figure] = []
        after: str | None = None
        while True:
            page = (await self.ask(FIGURES, framework=framework, attribute=attribute, after=after))["figures"]
            found += [Figure(**edge["node"]) for edge in page["edges"]]
            if not page["pageInfo"]["hasNextPage"]:
                return found
            after = page["pageInfo"]["endCursor"]

    async def _submit(self, given: dict[str, Any]) -> bool:
        answer = (await self._post(SUBMIT, {"input": given}))["submitResponse"]
        if answer["__typename"] == "UnavailableError":
            raise _Away(answer["message"])
        if answer["__typename"] != "ResponsePayload":
            problems = "; ".join(f"{'.'.join(p['path'])}: {p['message']}" for p in answer.get("problems", ()))
            raise DeployError(f"A response was refused: {answer['message']}. {problems}".strip())
        return bool(answer["receipt"]["repeated"])

    async def _post(self, query: str, variables: dict[str, Any]) -> dict[str, Any]:
        try:
            answer = await self._http.post("/graphql", json={"query": query, "variables": variables})
        except httpx.TransportError as error:
            raise _Away(type(error).__name__) from None
        if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise _Away(f"status {answer.status_code}")
        body = answer.json()
        if errors := body.get("errors"):
            if all(error.get("extensions", {}).get("code") == "UNAVAILABLE" for error in errors):
                raise _Away(errors[0]["message"])
            raise DeployError(f"The gateway refuses: {errors[0]['message']}.")
        return dict(body["data"])

    async def _patiently(self, ask: Callable[[], Awaitable[T]]) -> T:
        delay = FIRST_DELAY
        for attempt in range(1, TRIES + 1):
            try:
                return await ask()
            except _Away as error:
                if attempt == TRIES:
                    raise DeployError(f"The gateway does not answer ({error}).", "`civic status` tells more.") from None
            await asyncio.sleep(delay)
            delay *= 2
        raise AssertionError("unreachable")
