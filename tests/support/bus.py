"""Events put on the bus past the services' own relays, as the services' broker users may."""

from uuid import UUID

import kombu
import msgspec

from deploy.provision.run import Provisioned
from schemas.events import BY_DATA, Envelope, EventData, envelop
from schemas.topology import events_exchange


def publish(provisioned: Provisioned, tenant: UUID, *told: EventData) -> list[Envelope]:
    """Tell these facts as facts of the council, each as the service that may tell it; confirmed by the broker."""
    sent = []
    for data in told:
        kind = BY_DATA[type(data)]
        envelope = envelop(kind.name, "x", tenant, data)
        with kombu.Connection(
            provisioned.amqp_url(kind.service), transport_options={"confirm_publish": True}
        ) as connection:
            producer = kombu.Producer(connection)
            producer.publish(
                msgspec.json.encode(envelope),
                exchange=events_exchange(kind.service),
                routing_key=kind.name,
                content_type="application/cloudevents+json",
                content_encoding="utf-8",
                delivery_mode=2,
            )
        sent.append(envelope)
    return sent
