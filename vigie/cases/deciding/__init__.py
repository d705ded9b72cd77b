"""Decisions: the schema, one or two assessments, what is decided alike, taken back and counted."""
