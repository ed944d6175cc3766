"""The edge and its customers, as the tests of the edge have them."""

from tests.edge.conftest import client, customer, edge, new_customer

__all__ = ["client", "customer", "edge", "new_customer"]
