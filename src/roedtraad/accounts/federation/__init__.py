"""Login through the region's own identity provider, by OIDC or SAML (docs/decisions/0006)."""
