"""The event log (hændelseslog): who did what, on which thing, when and from where. Rows are only ever added."""
