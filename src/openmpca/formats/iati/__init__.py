"""IATI 2.03 activities: written for who publishes what all parties released, read and checked as others send them."""
