"""What pages show, as plain values ready for a template; nothing here answers a request."""
