"""The words of the report: numbers and names as people read them, and the answer in sentences."""
