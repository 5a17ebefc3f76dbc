"""The long ones: kills, tampering, hostile files. Short versions of them are tests."""
