"""Recruitments: requirement profile, panel and candidates."""
