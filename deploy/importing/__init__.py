"""Bringing a file of responses into a council's questionnaire: the mapping, the file, and the run."""
