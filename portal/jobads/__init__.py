"""The job ad of a recruitment: drafted from the requirement profile, kept in versions, checked and exported."""
