"""Must be imported before anything else of a service: it makes the standard library cooperative.

nameko runs on eventlet, which replaces sockets, threads and locks by green ones. psycopg reads how to wait from the
environment at import, so that it is set here too. Nothing outside `service.py` and the chassis knows of eventlet.
"""

import os
import warnings

os.environ["PSYCOPG_WAIT_FUNC"] = "wait_selector"

with warnings.catch_warnings():
    # eventlet says at import that it is deprecated; that is known, and why it is kept to these rooms
    warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")
    import eventlet

eventlet.monkey_patch()
