"""A scripted day: reports of a known truth, worked off by keyboard, and counted against it."""
