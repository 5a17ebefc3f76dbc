"""Shipments and receipts: what is on its way, matched or late."""
