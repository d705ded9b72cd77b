"""`vigie screen`: which pictures of a folder, an archive or a list are known? Without Django."""
