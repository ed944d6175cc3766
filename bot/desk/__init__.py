"""What staff do in conversations: who is there, who waits, and the moves of an agent."""
