"""What a message means in the light of its conversation: one decision, before any action."""
