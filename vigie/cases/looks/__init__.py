"""Looking at a still: on what grounds not, for what reason, and the process that makes it."""
