"""Public events, derived purely from actions and states."""
