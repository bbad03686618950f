"""What a recruitment ends in: recommendation, decision, answers to the candidates, and the papers for the file."""
