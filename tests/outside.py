"""The outside world for the tests: the sandbox on free ports, and one site that does as it is told.
"""
