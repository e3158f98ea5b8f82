"""FHIR R4: a citizen's plan out and in as KL's FFB report, and an order (bestilling) in as a draft."""
