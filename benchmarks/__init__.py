"""How fast the pages are beside the least that any page costs, and whether that holds when there are many plans."""
