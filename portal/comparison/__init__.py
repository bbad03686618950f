"""After the independent assessments: the debrief of each interview and the comparison of candidates."""
