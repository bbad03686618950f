"""Hearings: what a referee said against an applicant is put to the applicant before the decision."""
