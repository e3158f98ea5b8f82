"""Floor 0½: the design system – page frame, components, static files. Knows no domain."""
