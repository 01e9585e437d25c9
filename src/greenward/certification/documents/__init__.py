"""Documents of certification: a title's certificate, a notice to put up."""
