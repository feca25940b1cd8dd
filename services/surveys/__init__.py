"""Surveys: councils ask, people answer with their consent, and every accepted answer is durable."""
