"""Starts a service, and stops it with nothing half-done."""

import signal
import sys
from typing import Any

import eventlet
import structlog
from eventlet.event import Event
from nameko.runners import ServiceRunner

from services.chassis import broker, logs
from services.chassis.config import settings
from services.chassis.database import Database

log = structlog.get_logger()


def run(service: type[Any]) -> None:
    """Run until SIGTERM or SIGINT: wait for database and broker, work, then drain and leave.

    Exits with 0 after a clean stop, 1 when the container died of an error (the supervisor starts it again).
    """
    config = settings()
    logs.configure(service.name, config.log_format, config.log_level)
    stop = Event()

    def on_signal(number: int, _frame: Any) -> None:
        if not stop.ready():
            log.info("stopping", signal=signal.Signals(number).name)
            stop.send()
        for again in (signal.SIGTERM, signal.SIGINT):
            signal.signal(again, signal.SIG_DFL)  # a second signal means now

    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGINT, on_signal)

    waiting = eventlet.spawn(_wait_for_servers, service.name)
    while not waiting.dead and not stop.ready():
        eventlet.sleep(0.05)
    if stop.ready():
        return

    runner = ServiceRunner(
        {
            "AMQP_URI": config.amqp_url,
            "HEARTBEAT": broker.HEARTBEAT,
            "WEB_SERVER_ADDRESS": f"{config.http_host}:{config.http_port}",
            "max_workers": config.workers,
            "TRANSPORT_OPTIONS": {"max_retries": 3, "interval_start": 0.2, "interval_step": 0.4, "interval_max": 2},
            "serializer": "json",
        }
    )
    runner.add_service(service)
    runner.start()
    log.info("ready", port=config.http_port)
    died = eventlet.spawn(runner.wait)
    while not stop.ready() and not died.dead:
        eventlet.sleep(0.1)
    if died.dead and not stop.ready():
        log.error("the service died of an error in its machinery")
        sys.exit(1)
    try:
        with eventlet.Timeout(config.drain_seconds):
            runner.stop()
    except eventlet.Timeout:
        log.error("could not finish in time; what was in hand goes back to the queue")
        runner.kill()
        sys.exit(1)
    log.info("stopped")


def _wait_for_servers(name: str) -> None:
    database = Database(settings().database_url, name, pool_size=1)
    database.wait()
    database.close()
    broker.wait(settings().amqp_url)
