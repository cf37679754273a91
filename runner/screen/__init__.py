"""What a person sees: lines, progress, the plan and the outcome in words."""
