"""Value by value: property, planted faults and healthy variations."""
