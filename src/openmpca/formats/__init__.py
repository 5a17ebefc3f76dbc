"""What the outside world reads and writes."""
