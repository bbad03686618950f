"""Souschefportalen: one competency framework drives onboarding, recruitment and development."""
