"""Scores played back in words and a picture: to the person whose they are, and to those who plan help."""
