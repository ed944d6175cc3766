"""The edge: the customer API, the pages and their guards; the only process with an open port."""
