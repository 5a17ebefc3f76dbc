"""What partners verify without trusting who keeps the record: keys, checkpoints, witnesses, disclosures, bundles."""
