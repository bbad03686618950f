"""From interview to onboarding: what the chef chooses to carry over as suggested focus areas, and nothing else."""
