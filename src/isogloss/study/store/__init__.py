"""What lies on disk: prepared data, run folders, the lock of a study, tables, exports."""
