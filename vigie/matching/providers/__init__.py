"""Trusted providers ask, by program, whether a picture is on the lists that they may ask about."""
