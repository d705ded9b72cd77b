"""Reports to Child Focus a year; the years for which no figure was found are left out."""

CHILD_FOCUS = {2015: 1135, 2017: 746, 2018: 1728, 2019: 1414, 2020: 2056, 2023: 2421}
