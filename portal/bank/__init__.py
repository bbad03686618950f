"""The bank: what springs from each competency, from job ad line to MUS prompt, versioned and shared by all features."""
