"""Doors: every implementation behind one behaves the same."""
