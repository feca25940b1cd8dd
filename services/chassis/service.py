"""The base of every nameko service here: its database, relay, councils, health and metrics."""

from importlib.metadata import version

import msgspec
from nameko.web.handlers import http
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from werkzeug.wrappers import Request, Response

from services.chassis import broker
from services.chassis.config import settings
from services.chassis.councils import Councils
from services.chassis.extensions import DatabaseProvider, HeadersProvider
from services.chassis.relay import Relay

VERSION = version("civic-health")


class Service:
    """Subclass, set `name`, and add methods decorated with `chassis.rpc.rpc` and `chassis.entrypoint.events`."""

    name: str
    database = DatabaseProvider()
    headers = HeadersProvider()
    relay = Relay()
    councils = Councils()

    @http("GET", "/health")  # type: ignore[untyped-decorator]
    def health(self, _request: Request) -> Response:
        """200 when the service can work, 503 with the part that is away when it cannot."""
        parts = {"database": self.database.alive(), "broker": _broker_alive()}
        body = {"service": self.name, "version": VERSION, "healthy": all(parts.values()), **parts}
        return Response(msgspec.json.encode(body), status=200 if body["healthy"] else 503, mimetype="application/json")

    @http("GET", "/metrics")  # type: ignore[untyped-decorator]
    def metrics(self, _request: Request) -> Response:
        """Prometheus text."""
        return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def _broker_alive() -> bool:
    try:
        broker.connect(settings().amqp_url).release()
    except broker.connection_errors(settings().amqp_url):
        return False
    return True
