"""What an application calls: one namespace of the client a module, handles of operations, delivery of events."""
