"""Is there a backup, what is known of it, and how long is it kept?"""
