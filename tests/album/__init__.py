"""Every page of the product, looked at with the eyes of those who cannot look."""
