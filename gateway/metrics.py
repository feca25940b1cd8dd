"""What the gateway counts, for Prometheus. Labels hold names of ours only: no council, person or id."""

from prometheus_client import Counter, Gauge, Histogram

requests = Counter("civic_gateway_requests_total", "Requests answered", ["kind", "status"])
request_seconds = Histogram("civic_gateway_request_seconds", "Time to answer a GraphQL request")
call_seconds = Histogram("civic_gateway_call_seconds", "Time of a call to a service", ["method", "outcome"])
subscribers = Gauge("civic_gateway_subscribers", "Live subscriptions", ["topic"])
live_dropped = Counter("civic_gateway_live_dropped_total", "Live updates dropped for a slow reader", ["topic"])
broker_up = Gauge("civic_gateway_broker_up", "1 while the broker answers")
