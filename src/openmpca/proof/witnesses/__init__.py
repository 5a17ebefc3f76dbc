"""Witnesses: cosigning partners' logs, having the own one cosigned, following what partners publish."""
