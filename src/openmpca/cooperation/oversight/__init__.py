"""Following up: deliverables and assets, examinations and access, minutes and actions with their clocks."""
