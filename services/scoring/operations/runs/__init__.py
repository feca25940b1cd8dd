"""Runs: long computations over a framework version's stored responses, in chunks, each chunk one transaction.

A chunk leaves its cursor, what it worked out and the note that asks for the next chunk in one transaction. So a process
that is killed in the middle loses a chunk's work and no more, and nothing is counted twice. What is computed is a
`Kind` (`kind.py`); `steps.py` walks, `calls.py` answers officers, `counting.py` is the run behind a new version.
"""
