"""Routing rules: written, tried, switched on by two; lanes of teams."""
