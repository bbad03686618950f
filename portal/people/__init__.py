"""Persons, offices, the relations between them, and sign-in."""
