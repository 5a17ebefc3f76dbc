"""OpenMPCA: material protection, control and accounting of a State."""
