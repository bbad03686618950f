"""Development goals (udviklingsmål): proposed by souschef or chef, confirmed by both, followed up and closed."""
