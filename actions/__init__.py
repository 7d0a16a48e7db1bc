"""What the bot does in a turn: one action a file, found by Rasa's action server."""
