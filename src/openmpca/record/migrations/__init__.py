"""Migrations of the record and of the operational tables; derived tables have none."""
