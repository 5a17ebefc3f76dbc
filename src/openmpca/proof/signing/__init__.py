"""Checkpoints of this record: made, signed, padded, on a schedule, and looked at by the doctor."""
