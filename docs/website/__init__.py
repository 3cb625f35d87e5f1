"""What the website is made of: pages from the catalog, extensions for Sphinx."""
