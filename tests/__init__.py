"""Tests of everything; a package, since a dependency of theirs installs a package of this name too."""
