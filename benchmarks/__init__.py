"""Speed and memory, as ratios to a peer or to the bare query in the same run; never timed tests."""
