"""Notifications: what people follow, and telling them what concerns them, once."""
