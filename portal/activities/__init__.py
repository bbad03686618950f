"""Joint development: workshops, courses and networks, from the need to the evaluation."""
