"""What the treatments are compared with."""
