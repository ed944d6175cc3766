"""How well the bot understands: public benchmarks of intents, and our own held-out messages."""
