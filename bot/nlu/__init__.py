"""The components that understand a message, used by config.yml."""
