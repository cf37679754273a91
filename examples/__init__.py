"""Projects to try gatepost on, with synthetic data."""
