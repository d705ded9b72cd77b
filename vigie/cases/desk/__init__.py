"""The desk's pages: the queue, an item, a site, what reporters wrote."""
