"""Onboarding: templates, plans, checklist items, milestones and their sign-off."""
