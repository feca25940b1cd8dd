"""Tests that drive the whole started system. A package, so that the system stops with the last of them."""
