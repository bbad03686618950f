"""Checklist templates: what an onboarding is started from, in versions that never change once they are published."""
