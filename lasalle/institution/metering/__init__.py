"""Meters that run: a proxy in front of an endpoint, what it keeps, and the endpoint itself."""
