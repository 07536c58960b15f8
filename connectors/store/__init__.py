"""Redis, or Valkey: the only place where anything is kept."""
