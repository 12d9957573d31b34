"""Who starts the runs and follows them: this process, a pool, or another study's folder."""
