"""Pages that read across the features: the start page, and what springs from the framework."""
