"""Reference checks: referees, the applicant's accept, the guide and its documents."""
