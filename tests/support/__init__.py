"""What tests of several parts share: real servers, started for them and stopped after them."""
