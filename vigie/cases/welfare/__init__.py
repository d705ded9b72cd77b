"""What looking costs the one who looks: limits, rests, how stills are shown."""
