"""Benchmarks: `make bench`. Each prints one JSON object a line; none is a test."""
