"""Records: how long what applicants left behind is kept, the list of what is due, and deleting it."""
