"""Competency frameworks: parts, competencies, behaviour examples and their versions."""
