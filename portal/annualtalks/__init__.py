"""The annual talk (MUS) between souschef and own chef: prepared apart, released by both, confirmed by both, frozen."""
