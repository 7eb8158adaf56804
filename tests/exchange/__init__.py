"""The exchange's desk."""
