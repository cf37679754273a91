"""Is the release that was a GO still well?  Health, requests that fail, the database."""
