"""Forms for field apps (ODK, Kobo) as XLSForm, and what comes back from them."""
