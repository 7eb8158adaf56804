"""Composition: which desks, doors and stores make up a house; above everything."""
