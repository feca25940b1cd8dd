"""What a service counts, for Prometheus. Labels hold names of ours only: no council, person or id."""

from prometheus_client import Counter, Histogram

relayed = Counter("civic_events_relayed_total", "Events that the broker confirmed")
handled = Counter("civic_events_handled_total", "Events handled, repeats included", ["queue"])
retried = Counter("civic_events_retried_total", "Events put off after a failure", ["queue"])
dead = Counter("civic_events_dead_total", "Events dead-lettered", ["queue"])
batch_seconds = Histogram("civic_batch_seconds", "Time to settle a batch of events", ["queue"])
rpc_seconds = Histogram("civic_rpc_seconds", "Time to answer a call", ["method", "outcome"])
