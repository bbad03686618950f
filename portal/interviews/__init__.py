"""Interviews: question bank, scorecards, independent assessments and the comparison of candidates."""
